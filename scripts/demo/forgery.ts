/**
 * A message that claims a sender whose key its writer does not have.
 *
 * @module
 */
import { protocolTime } from "../../lib/signing/freshness.ts";
import { generateKeyPair } from "../../lib/identity/private_key.ts";
import { signPayload, verifyPayload } from "../../lib/signing/envelope.ts";
import { fromPlain } from "../../lib/signing/json_plain.ts";
import type { JsonObject } from "../../lib/signing/json.ts";
import { expect } from "./failure.ts";

/** What a forger signs. */
export interface Forgery {
  /** The message, well formed and signed: only the key is not the claimed sender's. */
  readonly message: JsonObject;
  /** Its id. */
  readonly messageId: string;
}

/**
 * Forges a message. All about it is sound (form, id, time, even the signature) but for the key.
 *
 * @param from The agent that it claims to be from.
 * @param to Whom it is for.
 * @param text What it says.
 * @returns The message.
 */
export function forge(from: string, to: string, text: string): Forgery {
  const forger = generateKeyPair();
  const messageId = `msg_${crypto.randomUUID().replaceAll("-", "")}`;
  const unsigned = fromPlain({
    type: "direct_message",
    message_id: messageId,
    from,
    to,
    timestamp: protocolTime(new Date()),
    body: { text },
  }) as JsonObject;
  const message = signPayload(unsigned, forger.privateKey);
  expect(verifyPayload(message, forger.publicKey), "The forgery is not even signed");
  return { message, messageId };
}
