/**
 * What an attempt over HTTP means for the message: whether a later one makes sense, and when.
 *
 * @module
 */
import { exchange, RequestError } from "../agent/request.ts";
import type { HandoverOptions, HandoverOutcome, TargetCheck } from "./handover.ts";

/** Seconds until a target that the owner has to mend first is tried again. */
export const MEND_SECONDS = 300;

/** The sentences that a peer may be told. They name nothing of the owner's. */
export const SENTENCES = {
  /** The target does not take this message. */
  refused: "The message could not be handed to the agent",
  /** It is larger than the target takes. */
  tooLarge: "The message is too large for the agent",
  /** The agent took too long. */
  timeout: "The agent did not answer in time",
  /** The agent failed. */
  failed: "The agent could not answer",
  /** The agent's answer is too large to be passed on. */
  answerTooLarge: "The agent's answer was too large",
  /** The agent's answer was no answer. */
  unreadable: "The agent's answer could not be read",
  /** The agent said nothing. */
  empty: "The agent had no answer",
  /** The agent, or a filter before it, declined. */
  declined: "The agent declined to answer",
} as const;

const MEND = new Set([401, 402, 403, 404, 405, 407, 410]);
const LATER = new Set([408, 409, 425, 429]);

/**
 * An outcome to try again after.
 *
 * @param reason One sentence for the owner.
 * @param retryAfter Seconds before which no attempt makes sense.
 * @returns The outcome.
 */
export function retry(reason: string, retryAfter?: number): HandoverOutcome {
  return { kind: "retry", reason, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/**
 * A final outcome.
 *
 * @param reason One sentence for the owner.
 * @param sentence One sentence for the peer.
 * @returns The outcome.
 */
export function failed(reason: string, sentence: string): HandoverOutcome {
  return { kind: "failed", reason, sentence };
}

/**
 * What a status other than 2xx means. What the owner can mend (token, path, a redirect) is tried again,
 * slowly, so that no message is lost by a mistake in the configuration.
 *
 * @param who Who answered, as the beginning of a sentence.
 * @param status The status.
 * @param words What was said with it, fit for the owner's log; may be empty.
 * @param retryAfter Seconds that were asked to wait.
 * @returns The outcome.
 */
export function outcomeOfStatus(
  who: string,
  status: number,
  words: string,
  retryAfter?: number,
): HandoverOutcome {
  const reason = `${who} answered with status ${status}${words === "" ? "" : `: ${words}`}`;
  if (status < 400 || MEND.has(status)) return retry(reason, retryAfter ?? MEND_SECONDS);
  if (status >= 500 || LATER.has(status)) return retry(reason, retryAfter);
  return failed(reason, status === 413 ? SENTENCES.tooLarge : SENTENCES.refused);
}

/**
 * What a failed exchange means.
 *
 * @param error What was thrown.
 * @returns `retry`.
 * @throws What is no failure of an exchange.
 */
export function outcomeOfError(error: unknown): HandoverOutcome {
  if (error instanceof RequestError) return retry(error.message);
  throw error;
}

/**
 * Looks whether anything answers at a URL.
 *
 * @param url The URL.
 * @param options How.
 * @returns `ok` whatever is answered, for a webhook owes nothing to who only looks.
 */
export async function checkReachable(
  url: URL,
  { signal }: HandoverOptions = {},
): Promise<TargetCheck> {
  try {
    const limits = { timeoutMs: 5000, signal };
    const status = await exchange(
      url,
      { method: "HEAD" },
      limits,
      (answer) => Promise.resolve(answer.status),
    );
    return { ok: true, detail: `${url.origin} answers (status ${status} to HEAD)` };
  } catch (error) {
    if (error instanceof RequestError) return { ok: false, detail: error.message };
    throw error;
  }
}
