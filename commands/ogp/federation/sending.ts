/**
 * Sending a message and telling the truth about it: what `send` and `agent` have in common.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import type { Attempt } from "../../../lib/delivery/outbox.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { findOutgoing } from "../../../lib/ogp/outgoing_record.ts";
import { findApproved } from "../../../lib/ogp/peers.ts";
import type { JsonObject } from "../../../lib/signing/json.ts";
import type { ActionContext } from "../../define.ts";
import { safeText } from "../../terminal.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import { isPausing, reportSending } from "./send_report.ts";
import type { SendFlags } from "./talk.ts";
import { awaitReply, type Waited } from "./waiting.ts";

/** Milliseconds that `--wait` waits unless it is told otherwise. */
const WAIT = 60_000;

/** What to send. */
export interface Sending {
  /** What is asked. */
  readonly intent: string;
  /** What is said. */
  readonly payload: JsonObject;
  /** The conversation that it belongs to. */
  readonly conversationId?: string;
}

/**
 * Sends a message, waits for its reply if that is asked for, and prints how far it got.
 *
 * @param context The terminal.
 * @param flags Whether and how long to wait.
 * @param selector Which peer.
 * @param sending What to send.
 * @returns 0 accepted, or answered; 4 refused, or answered with an error; 6 no reply in time; 8 queued;
 * 130 interrupted.
 */
export async function sendAndReport(
  context: ActionContext,
  flags: SendFlags,
  selector: string,
  sending: Sending,
): Promise<number> {
  const { terminal } = context;
  if (flags.timeout !== undefined && !flags.wait) {
    terminal.note("--timeout says how long to --wait; without that it does nothing.");
  }
  using node = await openGateway(context, flags);
  const peer = await findApproved(node.state, selector);
  if (sending.intent.trim() === "") throw new MeshError("usage", "The intent is empty");
  terminal.progress("Sending …");
  const outbox = gatewayOutbox(node);
  const { nonce, attempt, warning } = await sendOgpMessage(node, outbox, peer, sending);
  // Where the peer has spoken itself, it knows better.
  if (warning !== undefined && attempt.state === "queued") terminal.warn(safeText(warning));
  const waited: Waited = flags.wait && mayBeAnswered(attempt)
    ? await awaitReply(terminal, node, outbox, nonce, peer, flags.timeout ?? WAIT)
    : { ended: "not-waited" };
  const message = await findOutgoing(node.state, nonce);
  return await reportSending(terminal, node, { peer, message, attempt, waited });
}

/** A message that was refused, or that nobody sends now, is not waited for. */
function mayBeAnswered(attempt: Attempt): boolean {
  if (attempt.state === "queued") return !isPausing(attempt.outcome);
  return attempt.state !== "failed";
}
