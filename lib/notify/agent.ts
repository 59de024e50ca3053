/**
 * Hands messages to any agent that speaks OpenAI's chat completions; its answer is the reply. Such an
 * agent knows no ids, so after a crash it may be asked again.
 *
 * @module
 */
import { AgentError, type AgentFailure } from "../agent/agent_error.ts";
import { chatUrl, modelsUrl } from "../agent/chat_url.ts";
import { type AgentMessage, askAgent } from "../agent/client.ts";
import { exchange, RequestError } from "../agent/request.ts";
import type { AgentConfig } from "./config_types.ts";
import type { HandoverOptions, HandoverOutcome, Target, TargetCheck } from "./handover.ts";
import { failed, MEND_SECONDS, retry, SENTENCES } from "./outcomes.ts";
import { sessionOf } from "./session.ts";

/** What the peer is told when no later attempt makes sense. A failure that is not here may pass. */
const FINAL: Readonly<Partial<Record<AgentFailure, string>>> = {
  // It may have cost a lot already, and would most likely take as long again.
  timeout: SENTENCES.timeout,
  too_large: SENTENCES.answerTooLarge,
  rejected: SENTENCES.refused,
  nonsense: SENTENCES.unreadable,
  empty: SENTENCES.empty,
  tool_calls: SENTENCES.failed,
  refused: SENTENCES.declined,
};

/**
 * A target for one agent.
 *
 * @param config Where it is, and how it is asked.
 * @returns The target.
 */
export function agentTarget(config: AgentConfig): Target {
  const { apiKey, model, system, stream, timeoutMs, idleTimeoutMs, sessionHeader } = config;
  const url = chatUrl(config.url);
  return {
    kind: "agent",
    idempotent: false,
    async handOn(handover, { signal } = {}) {
      const user = await sessionOf(handover);
      const messages: AgentMessage[] = [{ role: "user", content: handover.frame }];
      if (system !== undefined) messages.unshift({ role: "system", content: system });
      const headers = sessionHeader === undefined ? {} : { [sessionHeader]: user };
      const question = { messages, user, stream, headers };
      const limits = { timeoutMs, signal, ...(stream ? { idleMs: idleTimeoutMs } : {}) };
      try {
        const { text, truncated } = await askAgent({ url, apiKey, model }, question, limits);
        const data = truncated ? { text, truncated } : { text };
        return { kind: "replied", success: true, data };
      } catch (error) {
        if (error instanceof AgentError) return outcomeOf(error);
        throw error;
      }
    },
    check: (options) => check(modelsUrl(url), apiKey, options),
  };
}

function outcomeOf({ failure, message, retryAfter }: AgentError): HandoverOutcome {
  const sentence = FINAL[failure];
  if (sentence !== undefined) return failed(message, sentence);
  return retry(message, failure === "misconfigured" ? retryAfter ?? MEND_SECONDS : retryAfter);
}

async function check(
  url: URL,
  apiKey: string | undefined,
  { signal }: HandoverOptions = {},
): Promise<TargetCheck> {
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  const limits = { timeoutMs: 5000, signal };
  try {
    const status = await exchange(
      url,
      { method: "GET", headers },
      limits,
      (answer) => Promise.resolve(answer.status),
    );
    // A bare script need not list its models.
    const ok = status !== 401 && status !== 403 && status < 500;
    return { ok, detail: `${url.origin} answers (status ${status} to ${url.pathname})` };
  } catch (error) {
    if (error instanceof RequestError) return { ok: false, detail: error.message };
    throw error;
  }
}
