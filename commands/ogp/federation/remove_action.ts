/** What `mesh ogp federation remove` does. @module */
import { findFederation } from "../../../lib/ogp/peers.ts";
import { removeFederation } from "../../../lib/ogp/removal.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import { federationOfPeer, peerDocument } from "./peer_document.ts";
import { peerLabel } from "./peer_words.ts";

/**
 * Ends a federation.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which peer.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const before = await findFederation(node.state, selector);
  const peer = await removeFederation(node, gatewayOutbox(node), before.publicKey);
  terminal.document(await peerDocument(federationOfPeer(peer)));
  const label = peerLabel(peer);
  if (before.status !== "approved") {
    const was = before.status === "removed"
      ? "was over already"
      : "never was; requests are forgotten";
    terminal.line(`The federation with ${label} ${was}.`);
    return;
  }
  terminal.line(`The federation with ${label} is over: what it sends is refused.`);
  if (terminal.json) return;
  terminal.note(
    peer.dialect === "0.2"
      ? "It is not told: OGP 0.2 has no words for it."
      : "It is told, now or as soon as it can be reached.",
  );
  terminal.note("To federate again, one side asks anew: mesh ogp federation request URL");
}
