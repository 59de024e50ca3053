/** What `mesh ogp federation grant` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { setGrants } from "../../../lib/ogp/approvals_out.ts";
import { findApproved } from "../../../lib/ogp/peers.ts";
import { grantsFrom, V01_GRANTS } from "../../../lib/ogp/scopes.ts";
import type { ActionContext } from "../../define.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import type { GrantingFlags } from "./decisions.ts";
import { federationOfPeer, peerDocument } from "./peer_document.ts";
import { grantRows, peerLabel, printRows } from "./peer_words.ts";
import { noteTold, TOLD_EXIT, toldOf } from "./telling.ts";

/**
 * Changes what a peer may do.
 *
 * @param context The terminal.
 * @param flags The new grants.
 * @param selector Which peer.
 * @returns 0 if the gateway knows, 8 if it could not be told yet, 4 if it would not hear of it.
 */
export default async function (
  context: ActionContext,
  flags: GrantingFlags,
  selector: string,
): Promise<number> {
  const { terminal } = context;
  if (flags.intents === undefined && flags.rate === undefined && flags.topics === undefined) {
    throw new MeshError("usage", "Nothing is said about what to change", {
      hint: "--intents, --rate or --topics; see: mesh ogp federation grant --help",
    });
  }
  using node = await openGateway(context, flags);
  const before = await findApproved(node.state, selector);
  const grants = grantsFrom(flags, node.now(), before.grants ?? V01_GRANTS);
  const { peer, attempt } = await setGrants(node, gatewayOutbox(node), before.publicKey, grants);
  const told = toldOf(attempt);
  terminal.document({ ...await peerDocument(federationOfPeer(peer)), notified: told });
  terminal.line(`${peerLabel(peer)} has new grants, from now on:`);
  printRows(terminal, grantRows(peer.grants));
  await noteTold(terminal, node.state.root, peerLabel(peer), told);
  return TOLD_EXIT[told.receipt];
}
