/** What `mesh ogp project status-peer` does. @module */
import { findApproved } from "../../../lib/ogp/peers.ts";
import { statusOfPeer } from "../../../lib/ogp/projects/calls.ts";
import type { ToldStatus } from "../../../lib/ogp/projects/peer_answers.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { peerLabel, printRows } from "../federation/peer_words.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import { timeWords } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Shows how a project stands at a peer.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which peer.
 * @param projectId The project.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
  projectId: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const peer = await findApproved(node.state, selector);
  const label = peerLabel(peer);
  terminal.progress(`Asking ${label} …`);
  const status = await statusOfPeer(node, gatewayOutbox(node), peer, label, projectId);
  terminal.endProgress();
  terminal.document(status);
  if (terminal.json) return;
  printStatus(terminal, await Who.known(node), peer, status);
}

function printStatus(
  terminal: Terminal,
  who: Who,
  peer: OgpPeer,
  { project, topics }: ToldStatus,
): void {
  const label = (name: string) => who.label(who.told(name, peer));
  terminal.line(`${safeText(project.name)} (${safeText(project.id)}), as ${peerLabel(peer)} tells`);
  printRows(terminal, [
    ["about", project.description],
    ["members", project.members.map(label).join(", ")],
    ["created", project.createdAt && timeWords(project.createdAt)],
    ["updated", project.updatedAt && timeWords(project.updatedAt)],
  ]);
  terminal.line();
  if (topics.length === 0) return terminal.line("No entries yet.");
  const titles = ["TYPE", "ENTRIES", "BY", "LAST"];
  terminal.table(
    titles.map((title) => ({ title })),
    topics.map(({ name, contributionCount, contributors, lastContribution: last }) => [
      name,
      String(contributionCount),
      contributors.map(label).join(", "),
      last ? `${timeWords(last.timestamp)}, ${label(last.authorId)}: ${last.summary}` : "",
    ]),
  );
}
