/**
 * Why an agent gave no answer, in kinds that tell what to do about it.
 *
 * @module
 */
import { type ErrorCode, MeshError } from "../error.ts";
import type { RequestFailure } from "./request.ts";

/**
 * What went wrong. Beside what can happen to any request:
 *
 * - `busy`: it asks to come back later.
 * - `failed`: it had an error of its own, which may pass.
 * - `misconfigured`: key, path or model are wrong; the owner has to mend something.
 * - `rejected`: it does not take this question.
 * - `nonsense`: it answered something that is no chat completion.
 * - `empty`: it answered without text.
 * - `refused`: it, or a filter before it, declined to answer.
 * - `tool_calls`: it wants a tool called, and was offered none.
 */
export type AgentFailure =
  | RequestFailure
  | "busy"
  | "failed"
  | "misconfigured"
  | "rejected"
  | "nonsense"
  | "empty"
  | "refused"
  | "tool_calls";

/** What may be known beside the sentence. */
export interface AgentErrorOptions extends ErrorOptions {
  /** Seconds after which the agent wants to be asked again. */
  readonly retryAfter?: number | undefined;
  /** The text that had arrived before. */
  readonly partial?: string | undefined;
}

const CODES: Readonly<Partial<Record<AgentFailure, ErrorCode>>> = {
  timeout: "timeout",
  too_large: "too_large",
  busy: "rate_limited",
  rejected: "refused",
  refused: "refused",
  misconfigured: "config_invalid",
  nonsense: "malformed",
};

/** An agent that gave no answer. */
export class AgentError extends MeshError {
  /** What had arrived of an answer that then failed; empty if nothing had. */
  readonly partial: string;

  /**
   * A failure with its sentence.
   *
   * @param failure What went wrong.
   * @param message The sentence, for the owner: it may quote the agent, and holds no secret.
   * @param options When to ask again, and what had arrived.
   */
  constructor(readonly failure: AgentFailure, message: string, options: AgentErrorOptions = {}) {
    const { retryAfter, partial = "", cause } = options;
    super(CODES[failure] ?? "unavailable", message, {
      cause,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
    this.partial = partial;
  }
}
