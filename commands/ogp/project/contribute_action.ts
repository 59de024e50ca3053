/** What `mesh ogp project contribute` does. @module */
import { ownKey } from "../../../lib/ogp/card.ts";
import { ownIdentity } from "../../../lib/ogp/projects/calls.ts";
import { addContribution } from "../../../lib/ogp/projects/contributions.ts";
import { getProject } from "../../../lib/ogp/projects/project_store.ts";
import type { ActionContext } from "../../define.ts";
import { safeText } from "../../terminal.ts";
import { jsonObjectArgument } from "../federation/json_argument.ts";
import { textOrStdin } from "../federation/text_argument.ts";
import { openGateway } from "../gateway.ts";
import type { ContributeFlags } from "./own.ts";

/**
 * Adds an entry to a project.
 *
 * @param context The terminal.
 * @param flags Anything else to say.
 * @param id The project.
 * @param entryType What kind of entry it is.
 * @param given What it says.
 */
export default async function (
  context: ActionContext,
  flags: ContributeFlags,
  id: string,
  entryType: string,
  given?: string,
): Promise<void> {
  const { terminal } = context;
  const metadata = flags.metadata === undefined
    ? undefined
    : jsonObjectArgument(flags.metadata, "metadata");
  using node = await openGateway(context, flags);
  const project = await getProject(node.state, id);
  const hint = `mesh ogp project contribute ${id} ${entryType} "…", or pipe it in`;
  const summary = await textOrStdin(given, hint);
  const contribution = await addContribution(
    node.state,
    project,
    { entryType, summary, metadata, authorIdentity: ownIdentity(node) },
    { author: ownKey(node), now: node.now(), source: crypto.randomUUID() },
  );
  const { id: contributionId, timestamp } = contribution;
  terminal.document({
    contributed: true,
    ...{ projectId: id, entryType, topic: entryType, contributionId, timestamp },
  });
  terminal.line(`Added to ${id} [${safeText(entryType)}]: ${safeText(summary)}`);
}
