/**
 * What became of telling a gateway about a decision: the decision stands, whether or not it has heard.
 *
 * @module
 */
import type { Attempt } from "../../../lib/delivery/outbox.ts";
import { listRunning } from "../../../lib/run/run_file.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { ago } from "../../text.ts";

/** How far word of a decision got. */
export interface Told {
  /** `accepted` by the gateway, `queued` on our disk, `failed` if the gateway would not hear it. */
  readonly receipt: "accepted" | "queued" | "failed";
  /** Why it is not accepted. */
  readonly reason?: string | undefined;
  /** When it is tried next, ISO 8601. */
  readonly nextAttemptAt?: string | undefined;
}

/** Exit codes of a decision whose word got so far. */
export const TOLD_EXIT: Readonly<Record<Told["receipt"], number>> = {
  accepted: 0,
  queued: 8,
  failed: 4,
};

/**
 * Reads an attempt.
 *
 * @param attempt What became of the first attempt.
 * @returns How far word got.
 */
export function toldOf(attempt: Attempt): Told {
  switch (attempt.state) {
    case "accepted":
    case "gone":
      return { receipt: "accepted" };
    case "busy":
      return { receipt: "queued" };
    case "failed":
      return { receipt: "failed", reason: attempt.entry.last_error?.reason };
    case "queued": {
      const { last_error, next_attempt_at } = attempt.entry;
      return { receipt: "queued", reason: last_error?.reason, nextAttemptAt: next_attempt_at };
    }
  }
}

/**
 * Says how far word got, if it did not arrive.
 *
 * @param terminal Where to.
 * @param root The state directory.
 * @param label The gateway's name.
 * @param told How far word got.
 */
export async function noteTold(
  terminal: Terminal,
  root: string,
  label: string,
  { receipt, reason, nextAttemptAt }: Told,
): Promise<void> {
  if (receipt === "accepted") return;
  const because = reason === undefined ? "." : `: ${safeText(reason)}.`;
  if (receipt === "failed") {
    terminal.warn(`${label} would not hear of it${because}`);
    return;
  }
  terminal.note(`${label} does not know yet${because} ${await retrySentence(root, nextAttemptAt)}`);
}

/**
 * Who tries again what is queued, and when.
 *
 * @param root The state directory.
 * @param nextAttemptAt When it is due, ISO 8601.
 * @returns One sentence.
 */
export async function retrySentence(
  root: string,
  nextAttemptAt: string | undefined,
): Promise<string> {
  if (await isDaemonRunning(root)) {
    const when = nextAttemptAt === undefined ? "" : ` ${ago(new Date(nextAttemptAt))}`;
    return `It is safe on disk; the daemon tries again${when}.`;
  }
  return "It is safe on disk, but no daemon runs here to try again: mesh ogp start, " +
    "or mesh queue retry";
}

/**
 * Whether something runs on a root that delivers what is queued and takes replies.
 *
 * @param root The state directory.
 * @returns Whether it does.
 */
export async function isDaemonRunning(root: string): Promise<boolean> {
  return (await listRunning(root)).length > 0;
}
