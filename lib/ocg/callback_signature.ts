/**
 * Whether a callback comes from somebody who knows the secret: `X-OCG-Signature: sha256=<hex>`, an
 * HMAC-SHA256 of the raw body, or the headers of Standard Webhooks (https://www.standardwebhooks.com).
 *
 * @module
 */
import { webhookKey } from "../notify/standard_webhook.ts";

/** Gives a request's header by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

/** Seconds that a Standard Webhook may be on its way. */
const TOLERANCE = 300;

/**
 * Judges a request. Comparing takes the same time wherever a signature is wrong.
 *
 * @param headerOf The request's headers.
 * @param body Its body, as received.
 * @param secret What both sides know.
 * @param now The present.
 * @returns Whether one of its signatures is right.
 *
 * @example
 * ```ts
 * import { isSigned } from "./callback_signature.ts";
 * import { createHmac } from "node:crypto";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode('{"reply":"hi"}');
 * const signature = "sha256=" + createHmac("sha256", "s").update(body).digest("hex");
 * const headers: Record<string, string> = { "x-ocg-signature": signature };
 * assertEquals(await isSigned((name) => headers[name], body, "s", new Date()), true);
 * ```
 */
export async function isSigned(
  headerOf: HeaderOf,
  body: Uint8Array,
  secret: string,
  now: Date,
): Promise<boolean> {
  const encoder = new TextEncoder();
  const simple = headerOf("x-ocg-signature");
  if (simple !== undefined) {
    const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(simple.trim()) ?? [];
    return hex !== undefined && await verify(encoder.encode(secret), Uint8Array.fromHex(hex), body);
  }
  const [id, time, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"]
    .map(headerOf);
  if (!id || !signatures || !time || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(Number(time) - now.getTime() / 1000) > TOLERANCE) return false;
  const head = encoder.encode(`${id}.${time}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  const key = webhookKey(secret) ?? encoder.encode(secret);
  for (const word of signatures.split(" ").slice(0, 10)) {
    const [, text] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(word) ?? [];
    if (text !== undefined && await verify(key, Uint8Array.fromBase64(text), signed)) return true;
  }
  return false;
}

async function verify(secret: Uint8Array, mac: Uint8Array, data: Uint8Array): Promise<boolean> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), algorithm, false, [
    "verify",
  ]);
  return await crypto.subtle.verify("HMAC", key, new Uint8Array(mac), new Uint8Array(data));
}
