/** What `mesh peers verify` does. @module */
import { findPeer, markVerified, peerSafetyNumber } from "../../lib/mesh/peers.ts";
import type { ActionContext } from "../define.ts";
import { openNode } from "../node.ts";
import { safeText } from "../terminal.ts";
import { agentName } from "../text.ts";
import type { VerifyFlags } from "./routes.ts";

/**
 * Prints the number to compare and remembers the comparison.
 *
 * @param context The terminal.
 * @param flags Whether it matched.
 * @param selector Which peer.
 */
export default async function (
  context: ActionContext,
  flags: VerifyFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  const node = await openNode(context, flags);
  const peer = await findPeer(node.state, selector);
  const number = peerSafetyNumber(node, peer);
  const name = safeText(
    agentName({ agent_id: peer.agent_id, display_name: peer.display_name ?? null }),
  );
  const groups = number.split(" ");
  terminal.line(`Compare with the owner of ${name}:`);
  terminal.line();
  for (let i = 0; i < groups.length; i += 4) {
    terminal.line(`  ${groups.slice(i, i + 4).join("  ")}`);
  }
  terminal.line();
  const matched = flags.matched || (terminal.interactive && Deno.stdin.isTerminal() &&
    confirm("Is it the same on the other side?"));
  const stored = matched ? await markVerified(node, peer) : peer;
  terminal.document({
    agent_id: peer.agent_id,
    fingerprint: peer.fingerprint,
    safety_number: number,
    verified_at: stored.verified_at ?? null,
  });
  if (matched) terminal.line(`Remembered: ${name} is verified.`);
  else if (!terminal.json) {
    terminal.note(`If it is the same there: mesh peers verify ${peer.agent_id} --matched`);
  }
}
