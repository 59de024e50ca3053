/**
 * Why an agent's program gave no answer, as it is told everywhere else.
 *
 * @module
 */
import { AgentError, type AgentFailure } from "../../agent/agent_error.ts";
import { saidBy } from "../../agent/redact.ts";
import { codeOf, messageOf } from "../../error.ts";
import type { AcpConfig } from "../config_types.ts";

/**
 * What the codes of JSON-RPC and ACP mean. Source: the Agent Client Protocol's error codes; what is not
 * listed is `failed`.
 */
const CODES: Readonly<Record<number, AgentFailure>> = {
  [-32000]: "misconfigured",
  [-32600]: "rejected",
  [-32601]: "nonsense",
  [-32602]: "rejected",
  [-32800]: "interrupted",
};

/** Shorter values of the environment are not worth hiding, and would be found everywhere. */
const SHORTEST_SECRET = 8;

/**
 * What the owner gave the program and nobody else is to see.
 *
 * @param config The configuration.
 * @returns The values of its environment.
 */
export function secretsOf({ env }: AcpConfig): string[] {
  return Object.values(env).filter((value) => value.length >= SHORTEST_SECRET);
}

/**
 * An error that was thrown while an agent's program was asked.
 *
 * @param error What was thrown.
 * @param secrets What must not be repeated.
 * @param partial The text that had arrived.
 * @returns The failure; one that is an `AgentError` with all that can be known stays as it is.
 */
export function failureOf(
  error: unknown,
  secrets: readonly string[],
  partial: string,
): AgentError {
  if (error instanceof AgentError) {
    const { failure, message, retryAfter } = error;
    if (partial === "" || error.partial !== "") return error;
    // A stillborn answer is unreachable, one that has begun is cut off.
    const cut = failure === "unreachable" ? "cut_off" : failure;
    return new AgentError(cut, message, { partial, retryAfter, cause: error });
  }
  const said = saidBy(messageOf(error), secrets);
  if (codeOf(error) === "config_invalid") {
    return new AgentError("misconfigured", said, { cause: error });
  }
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== "number") return new AgentError("nonsense", said, { partial, cause: error });
  const failure = CODES[code] ?? "failed";
  const what = failure === "misconfigured"
    ? "The agent's program wants to be signed in: start it by hand once"
    : `The agent's program answered with error ${code}`;
  return new AgentError(failure, said === "" ? what : `${what}: ${said}`, {
    partial,
    cause: error,
  });
}
