/**
 * Handlers of intents: a program of the owner's that gets a message as JSON on its input and in variables,
 * and whose output is the reply. No shell, no environment but the variables, `PATH` and `HOME`, no more
 * time and output than there is room for. Source of the variables: the Open Gateway Protocol.
 *
 * @module
 */
import { saidBy } from "../../agent/redact.ts";
import { codeOf, messageOf as sentenceOf } from "../../error.ts";
import type { Handover, HandoverOptions, HandoverOutcome } from "../../notify/handover.ts";
import { messageOf, variablesOf } from "../../notify/message.ts";
import { failed, MEND_SECONDS, retry, SENTENCES } from "../../notify/outcomes.ts";
import { runProgram, type RunResult } from "../../process/run.ts";
import { JsonObject } from "../../signing/json.ts";
import { parseJson } from "../../signing/json_parse.ts";
import type { WireMessage } from "../incoming.ts";
import { HANDLER_TIMEOUT, type RegisteredIntent } from "./record.ts";

/** Asks to be called again later, as `EX_TEMPFAIL` of sysexits does. */
const TEMPORARY = 75;

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
  const name = handler[0] ?? "";
  try {
    return outcomeOf(name, await runProgram({ argv: handler, env, stdin, timeoutMs, signal }));
  } catch (error) {
    // The owner can mend it, and until then no message is lost.
    if (codeOf(error) !== "config_invalid") throw error;
    return retry(sentenceOf(error), MEND_SECONDS);
  }
}

function outcomeOf(name: string, { end, stdout, stderr }: RunResult): HandoverOutcome {
  const said = saidBy(stderr.slice(-280));
  const because = said === "" ? "" : `: ${said}`;
  switch (end.kind) {
    case "exited":
      if (end.code === TEMPORARY) return retry(`"${name}" asks to be called again later${because}`);
      if (end.code === 0) return replyIn(stdout);
      return failed(`"${name}" ended with exit code ${end.code}${because}`, SENTENCES.failed);
    case "interrupted":
      return retry(`"${name}" was interrupted`);
    case "timeout":
    case "stuck":
      return failed(`"${name}" did not end in time${because}`, SENTENCES.timeout);
    case "too_much_output":
      return failed(`"${name}" printed more than may be passed on`, SENTENCES.answerTooLarge);
    case "killed":
      return failed(`"${name}" was ended by ${end.signal}${because}`, SENTENCES.failed);
  }
}

function replyIn(stdout: string): HandoverOutcome {
  const text = stdout.trim();
  if (text === "") return { kind: "handed" };
  return { kind: "replied", success: true, data: objectIn(text) ?? { text: text.toWellFormed() } };
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
