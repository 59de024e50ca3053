/**
 * Waiting for a reply, with a progress line.
 *
 * @module
 */
import type { Outbox } from "../../../lib/delivery/outbox.ts";
import { MeshError } from "../../../lib/error.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { waitForReply, type WaitTick } from "../../../lib/ogp/wait.ts";
import { interruption } from "../../interrupt.ts";
import type { Terminal } from "../../terminal.ts";
import { peerLabel } from "./peer_words.ts";

/** How waiting ended. */
export interface Waited {
  /** With a reply, without one in time, by Ctrl-C, by a refusal; or it was not waited for. */
  readonly ended: "replied" | "timeout" | "interrupted" | "given-up" | "not-waited";
  /** How long it was to be waited, in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Waits for a reply, by callback or by asking for it, until it is there, time is up, or Ctrl-C. A message
 * that could not be delivered yet is sent again meanwhile, when it is due.
 *
 * @param terminal Where progress is shown.
 * @param node The gateway.
 * @param outbox Its outbox.
 * @param nonce Which message.
 * @param peer Whom it went to.
 * @param timeoutMs How long.
 * @returns How it ended; the reply, or that the message was given up, is on the message's record.
 */
export async function awaitReply(
  terminal: Terminal,
  node: OgpNode,
  outbox: Outbox,
  nonce: string,
  peer: OgpPeer,
  timeoutMs: number,
): Promise<Waited> {
  using stop = interruption();
  const onTick = ({ state, remainingMs }: WaitTick) => {
    const what = state === "queued" ? "be reached" : state === "handed" ? "answer" : "reply";
    const left = Math.ceil(remainingMs / 1000);
    terminal.progress(`Waiting for ${peerLabel(peer)} to ${what}: ${left} s left, Ctrl-C ends it`);
  };
  try {
    const options = { timeoutMs, signal: stop.signal, onTick, outbox };
    if (await waitForReply(node, nonce, options)) return { ended: "replied", timeoutMs };
    return { ended: stop.signal.aborted ? "interrupted" : "timeout", timeoutMs };
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "refused") throw error;
    return { ended: "given-up", timeoutMs };
  } finally {
    terminal.endProgress();
  }
}
