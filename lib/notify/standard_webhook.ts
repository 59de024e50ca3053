/**
 * Signatures of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body,
 * once for each secret, so that a receiver can change its secret without losing a message.
 *
 * @module
 */
import { hmacSha256 } from "./hmac.ts";

const PREFIX = "whsec_";

/**
 * The key in a secret.
 *
 * @param secret `whsec_` and base64; the prefix may be left out.
 * @returns 24 to 64 bytes, or `undefined` if it is no such secret.
 */
export function webhookKey(secret: string): Uint8Array | undefined {
  try {
    const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
    const key = Uint8Array.fromBase64(text);
    return key.length >= 24 && key.length <= 64 ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The headers of a delivery.
 *
 * @param secrets The receiver's secrets, the newest first; those that are none are left out.
 * @param id Names the message, the same at every attempt.
 * @param body The body, as it is sent.
 * @param now When it is sent.
 * @returns `webhook-id`, `webhook-timestamp` (seconds since 1970) and `webhook-signature`.
 *
 * @example
 * ```ts
 * import { webhookHeaders } from "./standard_webhook.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // The example of the specification's own libraries.
 * const headers = await webhookHeaders(
 *   ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
 *   "msg_p5jXN8AQM9LWM0D4loKWxJek",
 *   '{"test": 2432232314}',
 *   new Date(1614265330 * 1000),
 * );
 * assertEquals(headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
 * ```
 */
export async function webhookHeaders(
  secrets: readonly string[],
  id: string,
  body: string,
  now: Date,
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures: string[] = [];
  for (const secret of secrets) {
    const key = webhookKey(secret);
    if (!key) continue;
    const mac = await hmacSha256(key, `${id}.${timestamp}.${body}`);
    signatures.push(`v1,${mac.toBase64()}`);
  }
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
