/**
 * What a chat is told where an agent has no answer. One sentence for a person; what happened exactly is for
 * the owner, who has the events.
 *
 * @module
 */
import { AgentError, type AgentFailure } from "../agent/agent_error.ts";
import { codeOf } from "../error.ts";

/** What sentences of ours begin with, so that nobody takes them for the agent's. */
const MARK = "⚠️ ";

const SENTENCES: Readonly<Record<AgentFailure, string>> = {
  unreachable: "The agent cannot be reached right now.",
  timeout: "The agent took too long to answer.",
  cut_off: "The agent broke off before its answer was finished.",
  too_large: "The agent's answer is too long to be shown.",
  interrupted: "The answer was interrupted.",
  busy: "The agent is busy. Please try again in a while.",
  failed: "The agent had an error of its own.",
  misconfigured: "The agent is not set up correctly; its owner has to look at it.",
  rejected: "The agent does not take this message.",
  nonsense: "The agent sent something that is no answer.",
  empty: "The agent had nothing to say.",
  refused: "The agent declined to answer.",
  tool_calls: "The agent wanted to use a tool, which it cannot do in this chat.",
};

/**
 * What the chat is told about a failure.
 *
 * @param error What was thrown.
 * @returns One sentence.
 */
function failureSentence(error: unknown): string {
  if (error instanceof AgentError) return MARK + SENTENCES[error.failure];
  const code = codeOf(error);
  if (code === "timeout") return MARK + SENTENCES.timeout;
  if (code === "rate_limited") return MARK + SENTENCES.busy;
  if (code === "unavailable") return MARK + SENTENCES.unreachable;
  return MARK + SENTENCES.failed;
}

/**
 * What the chat is told in place of an answer that did not come whole.
 *
 * @param error What was thrown.
 * @returns What had come, and the sentence.
 */
export function failedAnswer(error: unknown): string {
  const partial = error instanceof AgentError ? error.partial.trim() : "";
  const sentence = failureSentence(error);
  return partial === "" ? sentence : `${partial}\n\n${sentence}`;
}

/**
 * An error that an agent reports by callback, marked as one.
 *
 * @param text What it says.
 * @returns The text with the mark.
 */
export function reportedError(text: string): string {
  return MARK + text;
}

/** What follows an answer that reached the agent's limit of length. */
export const TRUNCATED = `\n\n${MARK}The answer was cut off at the agent's limit of length.`;

/**
 * What a chat is told, once a day, that has used up its messages.
 *
 * @param most How many it has.
 * @returns The sentence.
 */
export function budgetSentence(most: number): string {
  return `${MARK}This chat has used up its ${most} messages for today.`;
}
