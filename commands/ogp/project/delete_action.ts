/** What `mesh ogp project delete` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { contributionIndex } from "../../../lib/ogp/projects/contributions.ts";
import { deleteProject } from "../../../lib/ogp/projects/membership.ts";
import { getProject } from "../../../lib/ogp/projects/project_store.ts";
import type { ActionContext } from "../../define.ts";
import { Prompt } from "../../prompt.ts";
import { safeText } from "../../terminal.ts";
import { openGateway } from "../gateway.ts";
import type { DeleteFlags } from "./members.ts";
import { counted } from "./project_words.ts";

/**
 * Deletes a project.
 *
 * @param context The terminal.
 * @param flags Whether to ask back.
 * @param id The project.
 */
export default async function (
  context: ActionContext,
  flags: DeleteFlags,
  id: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const project = await getProject(node.state, id);
  const count = (await contributionIndex(node.state, project)).length;
  const what = `${id} (${safeText(project.name)}) with ${counted(count, "entry", "entries")}`;
  if (!flags.force) {
    if (!terminal.interactive || !Deno.stdin.isTerminal()) {
      throw new MeshError("usage", `Nobody can be asked whether to delete ${what}`, {
        hint: `mesh ogp project delete ${id} --force`,
      });
    }
    const answer = await new Prompt(terminal).line(`Delete project ${what} for good? [y/N]`);
    if (!/^y(es)?$/i.test(answer)) throw new MeshError("interrupted", "Nothing was deleted");
  }
  await deleteProject(node, id);
  terminal.document({ deleted: true, projectId: id, contributionCount: count });
  terminal.line(`Deleted project ${what}.`);
}
