/**
 * Handlers of intents: a program of the owner's that gets a message as JSON on its input and in variables,
 * and whose output is the reply. No shell, no environment but the variables, `PATH` and `HOME`, no more
 * time and output than there is room for. Source of the variables: the Open Gateway Protocol.
 *
 * @module
 */
import type { Handover, HandoverOptions, HandoverOutcome } from "../../notify/handover.ts";
import { messageOf, variablesOf } from "../../notify/message.ts";
import { askProgram } from "../../notify/program.ts";
import { JsonObject } from "../../signing/json.ts";
import { parseJson } from "../../signing/json_parse.ts";
import type { WireMessage } from "../incoming.ts";
import { HANDLER_TIMEOUT, type RegisteredIntent } from "./record.ts";

/** A message's fields that only the wire has. */
export type WireFields = Pick<WireMessage, "to" | "replyTo" | "projectId" | "toAgent">;

/**
 * Runs the handler of an intent.
 *
 * @param intent The intent; it has a handler.
 * @param handover The message.
 * @param wire What else the wire said.
 * @param options How.
 * @returns What came of it: a JSON object on its output is the reply, any other text is `{ text }`. Exit
 * code 75 asks to be called again, any other but 0 is a failure.
 */
export async function runHandler(
  { handler = [], timeoutMs = HANDLER_TIMEOUT }: RegisteredIntent,
  handover: Handover,
  { to, replyTo, projectId, toAgent }: WireFields,
  { signal }: HandoverOptions = {},
): Promise<HandoverOutcome> {
  const message = {
    ...messageOf(handover),
    from: handover.peer.id,
    to,
    replyTo,
    projectId,
    toAgent,
  };
  const env = { ...variablesOf(handover), OGP_TO: to, OGP_REPLY_TO: replyTo };
  const stdin = JSON.stringify(message) + "\n";
  return await askProgram({ argv: handler, env, stdin, timeoutMs, signal }, {
    replyOf: (text) => objectIn(text) ?? { text: text.toWellFormed() },
  });
}

/** Its numbers stay as they were printed. */
function objectIn(text: string): JsonObject | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value = parseJson(text, { loneSurrogates: "refuse" });
    return value instanceof JsonObject ? value : undefined;
  } catch {
    return undefined;
  }
}
