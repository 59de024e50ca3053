/**
 * What messages and replies say, as text for people.
 *
 * @module
 */
import type { Reply } from "../../../lib/ogp/outgoing_record.ts";
import { wordsOf } from "../../../lib/ogp/said.ts";
import { jsonText, safeText, type Terminal } from "../../terminal.ts";

/** What every gateway answers when it takes a message: nothing of it is news. */
const USUAL_ANSWER = new Set([
  "success",
  "received",
  "nonce",
  "timestamp",
  "topic",
  "replyEndpoint",
  "status",
]);

/**
 * A payload as text.
 *
 * @param payload What a message carries.
 * @returns Its text if it has one, with a status before it; else the payload as JSON.
 *
 * @example
 * ```ts
 * import { payloadText } from "./message_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(payloadText({ text: "Hello!" }), "Hello!");
 * assertEquals(payloadText({ status: "completed", message: "Done" }), "completed: Done");
 * ```
 */
export function payloadText(payload: unknown): string {
  if (typeof payload === "string") return payload;
  if (!isObject(payload)) return jsonText(payload ?? null);
  const { status } = payload;
  const text = wordsOf(payload);
  if (text === undefined) return typeof status === "string" ? status : jsonText(payload);
  return typeof status === "string" ? `${status}: ${text}` : text;
}

/**
 * A reply as text: nothing in it is left out.
 *
 * @param reply The reply.
 * @returns A lone text as it is, everything else as JSON.
 */
export function replyText({ success, data, error }: Reply): string {
  const said = success ? data : error ?? data;
  if (typeof said === "string") return said;
  if (isObject(said)) {
    const only = Object.keys(said).length === 1 ? wordsOf(said) : undefined;
    if (only !== undefined) return only;
  }
  return said === undefined ? success ? "done" : "no reason given" : jsonText(said);
}

/**
 * What a gateway answered when it took a message, if it is more than that it did.
 *
 * @param response The answer.
 * @returns The answer, or `undefined` if there is nothing in it for people.
 */
export function tellingResponse(response: unknown): unknown {
  if (!isObject(response)) return response ?? undefined;
  return Object.keys(response).every((key) => USUAL_ANSWER.has(key)) ? undefined : response;
}

/**
 * Prints a text of foreign origin, indented, so that it cannot pass for a line of ours.
 *
 * @param terminal Where to.
 * @param text The text.
 */
export function printIndented(terminal: Terminal, text: string): void {
  for (const line of text.split(/\r\n|[\r\n]/)) terminal.line(`  ${safeText(line)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
