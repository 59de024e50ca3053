/**
 * Messages of ours as they travel: signed when they are sent, since receivers refuse what is older than
 * five minutes, under the nonce that they keep, since receivers know them by it.
 *
 * @module
 */
import { JsonObject } from "../signing/json.ts";
import { printJson } from "../signing/json_print.ts";
import type { OgpNode } from "./node.ts";
import { textIn } from "./outgoing_record.ts";
import { signText } from "./signed_text.ts";

/** Most bytes of a body that gateways of ours take: 256 KiB. */
export const LARGEST_BODY = 256 * 1024;

/** Keys that are on the wire as they are on the record, in the order of the reference. */
const OPTIONAL = ["replyTo", "conversationId", "projectId", "toAgent"] as const;

/**
 * The body that carries a message, for gateways of both dialects.
 *
 * @param node This gateway.
 * @param record The message's record.
 * @param from What we call ourselves.
 * @returns `{"message":…,"messageStr":…,"signature":…}`, signed now.
 */
export function signedMessageBody(node: OgpNode, record: JsonObject, from: string): string {
  const message = new JsonObject([
    ["intent", record.get("intent") ?? ""],
    ["from", from],
    ["to", record.get("addressee") ?? ""],
    ["nonce", record.get("nonce") ?? ""],
    ["timestamp", node.now().toISOString()],
    ["payload", record.get("payload") ?? new JsonObject()],
  ]);
  for (const key of OPTIONAL) {
    const value = textIn(record, key);
    if (value !== undefined) message.set(key, value);
  }
  return signedBody(node, { object: "message", text: "messageStr" }, printJson(message));
}

/**
 * A body that carries a signed document beside its exact text.
 *
 * @param node This gateway.
 * @param keys The keys of the two.
 * @param text The document's text.
 * @returns The body.
 */
export function signedBody(
  node: OgpNode,
  keys: { readonly object: string; readonly text: string },
  text: string,
): string {
  const signature = signText(node.privateKey, text);
  return bodyOf(keys, text, signature);
}

/**
 * The same for a text that was signed before.
 *
 * @param keys The keys of the two.
 * @param text The document's text: JSON.
 * @param signature 128 hex digits.
 * @returns The body.
 */
export function bodyOf(
  keys: { readonly object: string; readonly text: string },
  text: string,
  signature: string,
): string {
  // The text is put in as it is: the object of the body is the signed one, character by character.
  return `{"${keys.object}":${text},"${keys.text}":${JSON.stringify(text)},` +
    `"signature":"${signature}"}`;
}
