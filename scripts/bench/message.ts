/**
 * The messages that are measured with.
 *
 * @module
 */
import type { PrivateKey } from "../../lib/identity/private_key.ts";
import { keyId } from "../../lib/ogp/names.ts";
import { signText } from "../../lib/ogp/signed_text.ts";
import { protocolTime } from "../../lib/signing/freshness.ts";
import { signPayload } from "../../lib/signing/envelope.ts";
import type { JsonObject } from "../../lib/signing/json.ts";
import { fromPlain } from "../../lib/signing/json_plain.ts";
import { printJson } from "../../lib/signing/json_print.ts";

/** Makes the whole message about 400 bytes long. */
const TEXT = "The harbour opens at six, and the pilot wants to know by then. ".repeat(2);

/**
 * A new message, signed now.
 *
 * @param key The sender's key.
 * @param from The sender.
 * @param to The receiver.
 * @returns Its text, as it is sent.
 */
export function messageText(key: PrivateKey, from: string, to: string): string {
  const unsigned = fromPlain({
    type: "direct_message",
    message_id: `msg_${crypto.randomUUID().replaceAll("-", "")}`,
    from,
    to,
    timestamp: protocolTime(new Date()),
    body: { text: TEXT },
  }) as JsonObject;
  return printJson(signPayload(unsigned, key));
}

/**
 * A new message of the Open Gateway Protocol, signed now.
 *
 * @param key The sender's key.
 * @param to The receiver's id.
 * @returns The body, as it is sent.
 */
export function ogpMessageText(key: PrivateKey, to: string): string {
  const message = {
    intent: "message",
    from: keyId(key.publicKey.der),
    to,
    nonce: crypto.randomUUID(),
    timestamp: new Date().toISOString(),
    payload: { text: TEXT },
  };
  const messageStr = JSON.stringify(message);
  return JSON.stringify({ message, messageStr, signature: signText(key, messageStr) });
}
