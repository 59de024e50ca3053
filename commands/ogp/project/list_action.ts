/** What `mesh ogp project list` does. @module */
import { contributionIndex } from "../../../lib/ogp/projects/contributions.ts";
import { listProjects } from "../../../lib/ogp/projects/project_store.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { openGateway } from "../gateway.ts";
import { projectDocument, timeWords } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Lists projects.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const who = await Who.known(node);
  const rows = [];
  for (const project of await listProjects(node.state)) {
    const index = await contributionIndex(node.state, project);
    const last = index.at(-1)?.time.toISOString() ?? "";
    const updatedAt = last > project.updatedAt ? last : project.updatedAt;
    rows.push({ project, contributionCount: index.length, updatedAt });
  }
  terminal.document(rows.map(({ project, ...more }) => ({
    ...projectDocument(node, who, project),
    ...more,
  })));
  if (rows.length === 0) {
    terminal.line("No projects.");
    if (!terminal.json) terminal.note("next: mesh ogp project create ID NAME");
    return;
  }
  const titles = ["PROJECT", "NAME", "MEMBERS", "ENTRIES", "UPDATED", "ASKING"];
  terminal.table(
    titles.map((title) => ({ title })),
    rows.map(({ project: { id, name, members, asking }, contributionCount, updatedAt }) => [
      id,
      name,
      String(members.length + 1),
      String(contributionCount),
      timeWords(updatedAt),
      asking.map(({ publicKey }) => who.label(publicKey)).join(", "),
    ]),
  );
  const waiting = rows.find(({ project: { asking } }) => asking.length > 0)?.project;
  const [first] = waiting?.asking ?? [];
  if (!waiting || !first || terminal.json) return;
  terminal.note(`next: mesh ogp project invite ${waiting.id} ${who.id(first.publicKey)}`);
}
