/** What `mesh ogp project query-peer` does. @module */
import { findApproved } from "../../../lib/ogp/peers.ts";
import { queryPeer } from "../../../lib/ogp/projects/calls.ts";
import { nameOnWire } from "../../../lib/ogp/projects/wire_names.ts";
import type { ActionContext } from "../../define.ts";
import { safeText } from "../../terminal.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import type { QueryFlags } from "./arguments.ts";
import { counted, entryDocument, printEntries } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Looks for entries of a project at a peer.
 *
 * @param context The terminal.
 * @param flags Which ones.
 * @param selector Which peer.
 * @param projectId The project.
 */
export default async function (
  context: ActionContext,
  flags: QueryFlags,
  selector: string,
  projectId: string,
): Promise<void> {
  const { terminal } = context;
  const { type, topic, author, search, limit } = flags;
  using node = await openGateway(context, flags);
  const peer = await findApproved(node.state, selector);
  const who = await Who.known(node);
  const label = peerLabel(peer);
  const authorId = author === undefined
    ? undefined
    : await nameOnWire(node, peer, await who.author(author));
  terminal.progress(`Asking ${label} …`);
  const told = await queryPeer(node, gatewayOutbox(node), peer, label, projectId, {
    ...{ entryType: type ?? topic, authorId, search, limit },
  });
  terminal.endProgress();
  const entries = told.contributions.map(({ authorId, ...rest }) => ({
    ...rest,
    author: who.told(authorId, peer),
  }));
  terminal.document(entries.map((one) => entryDocument(who, projectId, one)));
  const name = safeText(told.projectName || projectId);
  if (entries.length === 0) return terminal.line(`${label} has no such entries in ${name}.`);
  printEntries(terminal, who, entries);
  if (!terminal.json) {
    terminal.note(`${counted(entries.length, "entry", "entries")} of ${name}, as ${label} tells.`);
  }
}
