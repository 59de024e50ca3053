/** What `mesh peers remove` does. @module */
import { removePeer } from "../../lib/mesh/decisions.ts";
import { findPeer } from "../../lib/mesh/peers.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { safeText } from "../terminal.ts";

/**
 * Removes a peer.
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
  const state = openState(context, flags);
  const { agent_id } = await findPeer(state, selector);
  const peer = await removePeer({ state }, agent_id);
  terminal.document({ ok: true, removed: peer.agent_id });
  terminal.line(`${safeText(peer.agent_id)} is not trusted any more. It was not told.`);
}
