/** What `mesh peers show` does. @module */
import { findPeer } from "../../lib/mesh/peers.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { safeText } from "../terminal.ts";

/**
 * Shows a peer.
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
  const peer = await findPeer(openState(context, flags), selector);
  terminal.document(peer);
  const rows = [
    ["agent", peer.agent_id],
    ["name", peer.display_name ?? ""],
    ["endpoint", peer.endpoint || "none"],
    ["fingerprint", peer.fingerprint],
    ["trusted since", peer.trusted_at ?? "unknown"],
    ["by request", peer.source_request_id ?? "unknown"],
    ["verified", peer.verified_at ?? `no: mesh peers verify ${peer.agent_id}`],
  ] as const;
  for (const [name, value] of rows) terminal.line(`${name.padEnd(14)} ${safeText(value)}`);
}
