/** What `mesh peers list` does. @module */
import { listPeers } from "../../lib/mesh/peers.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { short } from "../text.ts";

/**
 * Lists the peers.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const peers = await listPeers(openState(context, flags));
  terminal.document(peers);
  if (peers.length === 0) {
    terminal.line("No peers.");
    if (!terminal.json) terminal.note("next: mesh scan, then: mesh request-contact ENDPOINT");
    return;
  }
  const columns = ["AGENT", "NAME", "ENDPOINT", "FINGERPRINT", "TRUSTED SINCE", "VERIFIED"];
  terminal.table(
    columns.map((title) => ({ title })),
    peers.map((peer) => [
      peer.agent_id,
      peer.display_name ?? "",
      peer.endpoint ?? "",
      short(peer.fingerprint),
      peer.trusted_at?.slice(0, 10) ?? "",
      peer.verified_at?.slice(0, 10) ?? "no",
    ]),
  );
}
