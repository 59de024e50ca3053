/**
 * What to do about an agent that gives no answer.
 *
 * @module
 */
import { AgentError, type AgentFailure } from "../../lib/agent/agent_error.ts";
import { MeshError } from "../../lib/error.ts";
import type { AgentChoice } from "../../lib/ocg/accounts.ts";
import { DEFAULT_AGENT_URL } from "../../lib/ocg/accounts.ts";

const NOBODY =
  'no agent was configured for this, so Ollama\'s port was tried: set "agentUrl" in ocg.json, or OCG_AGENT_URL';

const ADVICE: Readonly<Partial<Record<AgentFailure, string>>> = {
  unreachable: 'start the agent, or mend "agentUrl" in ocg.json',
  timeout: 'the agent may be loading its model: try again, or raise "timeoutMs" in ocg.json',
  cut_off: "look into the agent's own log: it ended its answer in the middle",
  too_large: "the answer does not end: look into the agent's own log",
  busy: "the agent has too much to do: try again later",
  failed: "look into the agent's own log",
  misconfigured: 'check "agentUrl", "model" and "apiKey" in ocg.json: they are used as they are',
  rejected: 'the agent does not take such questions: check "model" in ocg.json',
  nonsense: 'no chat completions are there: "agentUrl" often ends in /v1/chat/completions',
  empty: "the agent answers without text: check its model and its prompt",
  refused: "the agent, or a filter before it, declined: check its prompt",
  tool_calls: "the agent calls tools that nobody answers here: let it answer with text",
};

/**
 * What to do next.
 *
 * @param error Why there was no answer.
 * @param agent The agent.
 * @returns One line.
 */
export function adviceOn(error: unknown, { type, url }: AgentChoice): string {
  if (error instanceof MeshError && error.hint !== undefined) return error.hint;
  if (type === "ogp") return "mesh ogp federation status, and: mesh ogp federation ping";
  if (!(error instanceof AgentError)) return "mesh ocg test tries again";
  if (error.failure === "unreachable" && url === DEFAULT_AGENT_URL) return NOBODY;
  if (type === "acp" && /unreachable|misconfigured|nonsense/.test(error.failure)) {
    return 'check "acp.command" in ocg.json: it must be a program that speaks ACP';
  }
  const status = /status (\d{3})/.exec(error.message)?.[1];
  if (status === "401" || status === "403") return 'check "apiKey" in ocg.json, or OCG_API_KEY';
  if (status === "404" || status === "405") {
    return 'check "agentUrl" and "model" in ocg.json: the URL often ends in /v1/chat/completions';
  }
  return ADVICE[error.failure] ?? "look into the agent's own log";
}

/**
 * The kind of a failure, for programs.
 *
 * @param error Why there was no answer.
 * @returns The agent's kind of failure, else the error's code.
 */
export function failureKind(error: unknown): string {
  if (error instanceof AgentError) return error.failure;
  return error instanceof MeshError ? error.code : "unexpected";
}
