/**
 * The receipt of a message: what is printed, and the exit code that says the same.
 *
 * @module
 */
import type { Attempt, Outcome } from "../../../lib/delivery/outbox.ts";
import { exitCodeOf, MeshError } from "../../../lib/error.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import type { OutgoingMessage, Reply } from "../../../lib/ogp/outgoing_record.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { failureDocument, jsonText, safeText, type Terminal } from "../../terminal.ts";
import { printIndented, replyText, tellingResponse } from "./message_words.ts";
import { peerLabel } from "./peer_words.ts";
import { retrySentence } from "./telling.ts";
import type { Waited } from "./waiting.ts";

/** What is known when everything was tried. */
export interface Sent {
  /** Whom it is for. */
  readonly peer: OgpPeer;
  /** The message as it is on disk now. */
  readonly message: OutgoingMessage;
  /** What came of the first attempt. */
  readonly attempt: Attempt;
  /** How waiting for the reply ended. */
  readonly waited: Waited;
}

/**
 * Prints how far a message got. What is on its record counts: a daemon may have got further meanwhile.
 *
 * @param terminal Where to.
 * @param node The gateway.
 * @param sent What is known.
 * @returns The exit code.
 */
export async function reportSending(
  terminal: Terminal,
  node: OgpNode,
  sent: Sent,
): Promise<number> {
  const { message, waited } = sent;
  if (message.reply) return reportReply(terminal, sent, message.reply);
  if (message.receipt.state === "failed") return fail(terminal, message, refusal(sent));
  if (message.receipt.state === "queued") return await reportQueued(terminal, node, sent);
  if (waited.ended === "timeout" || waited.ended === "interrupted") {
    return fail(terminal, message, unanswered(sent));
  }
  return reportAccepted(terminal, sent);
}

/**
 * Whether nothing was tried because the owner has paused everything outgoing.
 *
 * @param outcome What came of an attempt.
 * @returns Whether it is so.
 */
export function isPausing(outcome: Outcome): boolean {
  return outcome.kind === "retry" && outcome.paused === true;
}

function reportAccepted(terminal: Terminal, { peer, message }: Sent): number {
  const { nonce, response } = message;
  terminal.document({ nonce, receipt: message.receipt.state, response: response ?? null });
  terminal.line(`Accepted by ${peerLabel(peer)}: ${nonce}`);
  const telling = tellingResponse(response);
  if (telling !== undefined) printIndented(terminal, jsonText(telling));
  return 0;
}

function reportReply(terminal: Terminal, { peer, message }: Sent, reply: Reply): number {
  const { nonce, response } = message;
  if (!reply.success) {
    const sentence = `${peerLabel(peer)} replied that it failed: ${replyText(reply)}`;
    return fail(terminal, message, new MeshError("refused", sentence), { response, reply });
  }
  terminal.document({ nonce, receipt: "replied", response, reply });
  terminal.line(`${peerLabel(peer)} replied to ${nonce}:`);
  printIndented(terminal, replyText(reply));
  if (!reply.signed && !terminal.json) {
    terminal.note("The reply is not signed, as in OGP 0.2: it came from the gateway's URL.");
  }
  return 0;
}

async function reportQueued(
  terminal: Terminal,
  node: OgpNode,
  { peer, message, attempt, waited }: Sent,
): Promise<number> {
  const { nonce } = message;
  const entry = await node.state.outbox.get(nonce);
  const seen = attempt.state === "queued" ? attempt.entry : undefined;
  // While all is paused the entry on disk says nothing about it, the attempt does.
  const reason = seen?.last_error?.reason ?? entry?.last_error?.reason;
  const nextAttemptAt = (entry ?? seen)?.next_attempt_at;
  terminal.document({
    nonce,
    receipt: "queued",
    response: null,
    error: "queued",
    message: reason,
    nextAttemptAt,
  });
  terminal.line(`Queued for ${peerLabel(peer)}: ${nonce}`);
  if (attempt.state === "queued" && isPausing(attempt.outcome)) {
    terminal.note(
      "Everything outgoing is paused. It is safe on disk, and goes out after: mesh resume",
    );
  } else {
    if (reason !== undefined) terminal.note(`${safeText(reason)}.`);
    terminal.note(await retrySentence(node.state.root, nextAttemptAt));
  }
  return exitCodeOf(new MeshError(waited.ended === "interrupted" ? "interrupted" : "queued", ""));
}

function refusal({ peer, message, attempt }: Sent): MeshError {
  const detail = message.receipt.detail as { reason?: unknown } | undefined;
  const reason = attempt.state === "failed"
    ? attempt.entry.last_error?.reason
    : typeof detail?.reason === "string"
    ? detail.reason
    : undefined;
  const label = peerLabel(peer);
  return new MeshError(
    "refused",
    `${label} refused ${message.nonce}: ${reason ?? "no reason given"}`,
    {
      hint: `when that is settled: mesh queue retry ${message.nonce}`,
    },
  );
}

function unanswered({ peer, message, waited }: Sent): MeshError {
  const label = peerLabel(peer);
  const hint =
    `the reply is still awaited; see it later: mesh ogp federation show ${message.nonce}`;
  if (waited.ended === "interrupted") {
    return new MeshError("interrupted", `${label} has the message and has not replied yet`, {
      hint,
    });
  }
  const seconds = (waited.timeoutMs ?? 0) / 1000;
  return new MeshError(
    "timeout",
    `${label} has the message and did not reply within ${seconds} s`,
    { hint },
  );
}

/** One document also for a failure: the receipt stays true, and the error says what is missing. */
function fail(
  terminal: Terminal,
  { nonce, receipt, response }: OutgoingMessage,
  error: MeshError,
  more: Readonly<Record<string, unknown>> = { response },
): number {
  terminal.document({ ...failureDocument(error), nonce, receipt: receipt.state, ...more });
  terminal.withJson(false).fail(error);
  return exitCodeOf(error);
}
