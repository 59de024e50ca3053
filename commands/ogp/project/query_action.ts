/** What `mesh ogp project query` does. @module */
import { listContributions } from "../../../lib/ogp/projects/contributions.ts";
import { getProject } from "../../../lib/ogp/projects/project_store.ts";
import type { ActionContext } from "../../define.ts";
import { openGateway } from "../gateway.ts";
import type { QueryFlags } from "./arguments.ts";
import { entryDocument, printEntries } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Looks for entries of a project.
 *
 * @param context The terminal.
 * @param flags Which ones.
 * @param id The project.
 */
export default async function (
  context: ActionContext,
  flags: QueryFlags,
  id: string,
): Promise<void> {
  const { terminal } = context;
  const { type, topic, author, search, limit } = flags;
  using node = await openGateway(context, flags);
  const project = await getProject(node.state, id);
  const who = await Who.known(node);
  const found = await listContributions(node.state, project, {
    ...{ entryType: type ?? topic, search, limit },
    ...(author === undefined ? {} : { authors: [await who.author(author)] }),
  });
  terminal.document(found.map((one) => entryDocument(who, id, one)));
  if (found.length > 0) return printEntries(terminal, who, found);
  const narrowed = (type ?? topic ?? author ?? search) !== undefined;
  terminal.line(narrowed ? "No such entries." : "No entries.");
}
