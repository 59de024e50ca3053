/** What `mesh ogp project join` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { assertProjectId } from "../../../lib/ogp/projects/project_record.ts";
import { findProject } from "../../../lib/ogp/projects/project_store.ts";
import type { ActionContext } from "../../define.ts";
import { safeText } from "../../terminal.ts";
import { openGateway } from "../gateway.ts";
import createAction from "./create_action.ts";
import type { JoinFlags } from "./own.ts";
import { projectDocument } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Joins a project that is here, or creates it.
 *
 * @param context The terminal.
 * @param flags Whether to create it.
 * @param id Its id.
 * @param name Its name.
 */
export default async function (
  context: ActionContext,
  flags: JoinFlags,
  id: string,
  name?: string,
): Promise<void> {
  const { terminal } = context;
  assertProjectId(id);
  using node = await openGateway(context, flags);
  const project = await findProject(node.state, id);
  if (project) {
    terminal.document(projectDocument(node, await Who.known(node), project));
    terminal.line(`You are a member of project ${id} (${safeText(project.name)}).`);
    return;
  }
  if (!flags.create) {
    throw new MeshError("not_found", `Project "${id}" is not here`, {
      hint: `mesh ogp project request-join PEER ${id} NAME, or --create it here`,
    });
  }
  if (name === undefined) {
    throw new MeshError("usage", "A project that is created needs a name", {
      hint: `mesh ogp project join ${id} "…" --create`,
    });
  }
  await createAction(context, { ...flags, open: false }, id, name);
}
