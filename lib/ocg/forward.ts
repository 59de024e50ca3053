/**
 * Hands a question to an agent that answers by callback. What it answers to the request itself is not
 * waited for beyond a few seconds: that it took the question is enough.
 *
 * @module
 */
import { AgentError } from "../agent/agent_error.ts";
import type { AgentEndpoint } from "../agent/client.ts";
import { exchange, RequestError, type ServiceAnswer } from "../agent/request.ts";
import { pauseFor } from "./pause_for.ts";
import type { ChatForwardOptions, ChatQuestion } from "./chat_agent.ts";

/** How long the request may stay open. */
export interface ForwardOptions extends ChatForwardOptions {
  /** Milliseconds after which the connection is given up. */
  readonly timeoutMs: number;
  /** Milliseconds within which an agent that does not take a question says so. Default 10,000. */
  readonly soonMs?: number | undefined;
}

/**
 * Forwards a question.
 *
 * @param endpoint The agent.
 * @param question The question.
 * @param callback The URL that the answer goes to.
 * @param options How long.
 * @throws {AgentError} if the agent cannot be reached or does not take it. An agent that is silent, or that
 * breaks the connection, may have taken it: that is no error.
 */
export async function forwardQuestion(
  endpoint: AgentEndpoint,
  { messages, session, target }: ChatQuestion,
  callback: string,
  { timeoutMs, signal, onLate, soonMs = 10_000 }: ForwardOptions,
): Promise<void> {
  const { url, apiKey, model } = endpoint;
  const request = {
    headers: {
      ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      "x-ocg-callback": callback,
      "x-ocg-target": target,
    },
    body: JSON.stringify({ model, messages, stream: false, user: session }),
  };
  // Agents that answer only when they are done have a connection to be done in.
  const answered = exchange(url, request, { timeoutMs, signal }, judge).catch((error) => {
    if (!(error instanceof RequestError)) throw error;
    if (error.failure === "timeout" || error.failure === "cut_off") return;
    throw new AgentError(error.failure, error.message, { cause: error });
  });
  const waited = new AbortController();
  const soon = pauseFor(soonMs, AbortSignal.any([signal, waited.signal])).then(() => "silent");
  if (await Promise.race([answered.finally(() => waited.abort()), soon]) !== "silent") return;
  answered.catch((error) => {
    if (!signal.aborted) onLate(error);
  });
}

/** Any answer but a refusal means that it was taken. */
// deno-lint-ignore require-await -- what it throws has to become a rejection
async function judge({ status }: ServiceAnswer): Promise<void> {
  if (status >= 200 && status <= 299) return;
  const failure = status >= 500 || status === 429 ? "busy" : "rejected";
  throw new AgentError(failure, `The agent answered with status ${status}`);
}
