/**
 * OpenClaw's own notices of failure, which arrive where the agent's answer should be. They are about the
 * owner's machine and no business of a peer's. As OpenClaw 2026.9.6 words them.
 *
 * @module
 */
import type { HandoverOutcome } from "./handover.ts";
import { failed, MEND_SECONDS, retry, SENTENCES } from "./outcomes.ts";

/** What a notice means: the owner has to mend something, it passes, or this run failed for good. */
export type Notice = "mend" | "later" | "failed";

const SIGN = /^\s*\u26a0\ufe0f?\s+/;

/** How notices begin. An agent may begin with the same sign, but hardly with the same words. */
const NOTICES: readonly [beginning: RegExp, notice: Notice][] = [
  [/^(?:Authentication failed|Missing API key|Model login|This agent's workspace)/, "mend"],
  [/^(?:Rate-limited|Gateway is restarting|Previous run is still|I couldn't reach the)/, "later"],
  [
    /^(?:Agent (?:failed|run failed|couldn't)|Something went wrong while|CLI (?:turn|sub))/,
    "failed",
  ],
  [/^(?:The configured model backend|The provider returned|This turn was interrupted)/, "failed"],
  [/^(?:Turn yielded without|Context compaction succeeded)/, "failed"],
];

/**
 * Tells notices from answers.
 *
 * @param text What came as the answer.
 * @returns What it means, or `undefined` if it is an answer.
 *
 * @example
 * ```ts
 * import { noticeOf } from "./openclaw_notice.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(noticeOf("⚠️ Authentication failed for openai."), "mend");
 * assertEquals(noticeOf("⚠️ Mind the gap"), undefined);
 * ```
 */
export function noticeOf(text: string): Notice | undefined {
  if (!SIGN.test(text)) return undefined;
  const words = text.replace(SIGN, "");
  return NOTICES.find(([beginning]) => beginning.test(words))?.[1];
}

/**
 * What a notice means for the message.
 *
 * @param notice As {@linkcode noticeOf} returns it.
 * @param words The notice, fit for the owner's log.
 * @returns The outcome.
 */
export function outcomeOfNotice(notice: Notice, words: string): HandoverOutcome {
  const reason = `OpenClaw's agent cannot answer: ${words}`;
  if (notice === "failed") return failed(reason, SENTENCES.failed);
  return retry(reason, notice === "mend" ? MEND_SECONDS : 60);
}
