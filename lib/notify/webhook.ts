/**
 * Hands messages to any URL with the headers of Standard Webhooks. A receiver that remembers
 * `webhook-id` takes each message once; whether it does is its own affair. If the owner says so, what it
 * answers is the reply.
 *
 * @module
 */
import { saidBy } from "../agent/redact.ts";
import { exchange, RequestError, type ServiceAnswer } from "../agent/request.ts";
import { JsonObject } from "../signing/json.ts";
import { toPlain } from "../signing/json_plain.ts";
import type { WebhookConfig } from "./config_types.ts";
import { deliveryId } from "./delivery_id.ts";
import type { HandoverOutcome, Target } from "./handover.ts";
import { messageOf } from "./message.ts";
import { checkReachable, failed, outcomeOfError, outcomeOfStatus, SENTENCES } from "./outcomes.ts";
import { readJson } from "./read_json.ts";
import { webhookHeaders } from "./standard_webhook.ts";

/**
 * A target for one URL.
 *
 * @param config Where it is.
 * @param now The present; for tests.
 * @returns The target.
 */
export function webhookTarget(config: WebhookConfig, now: () => Date = () => new Date()): Target {
  const { secrets, timeoutMs, replies } = config;
  const url = new URL(config.url);
  const hidden = secrets.flatMap((secret) => [secret, secret.replace(/^whsec_/, "")]);
  return {
    kind: "webhook",
    idempotent: false,
    async handOn(handover, { signal } = {}) {
      const { protocol, timestamp } = handover;
      const type = `${protocol}.message`;
      const body = JSON.stringify({ type, timestamp, data: messageOf(handover) });
      const headers = await webhookHeaders(secrets, await deliveryId(handover.id), body, now());
      try {
        return await exchange(url, { headers, body }, { timeoutMs, signal }, async (answer) => {
          const { status, retryAfter } = answer;
          if (status >= 200 && status < 300) {
            return replies ? await replyOf(answer) : { kind: "handed" };
          }
          return outcomeOfStatus(
            url.origin,
            status,
            saidBy(await answer.text(), hidden),
            retryAfter,
          );
        });
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    check: (options) => checkReachable(url, options),
  };
}

/** `{reply}`, `{text}` or `{data}`, with an `error` if it went wrong. Anything else is no reply. */
async function replyOf(answer: ServiceAnswer): Promise<HandoverOutcome> {
  const body = await wholeOf(answer);
  if (typeof body !== "string") return body;
  const document = readJson(body);
  if (!(document instanceof JsonObject)) return { kind: "handed" };
  const error = document.get("error");
  if (typeof error === "string" && error !== "") {
    return { kind: "replied", success: false, error: error.slice(0, 2000).toWellFormed() };
  }
  for (const key of ["reply", "text"]) {
    const text = document.get(key);
    if (typeof text === "string") return { kind: "replied", success: true, data: { text } };
    if (text instanceof JsonObject) return { kind: "replied", success: true, data: toPlain(text) };
  }
  const data = document.get("data");
  if (data === undefined || data === null) return { kind: "handed" };
  return { kind: "replied", success: true, data: toPlain(data) };
}

/** A reply that is too large will not be smaller the next time. */
async function wholeOf(answer: ServiceAnswer): Promise<string | HandoverOutcome> {
  try {
    return await answer.text();
  } catch (error) {
    if (!(error instanceof RequestError) || error.failure !== "too_large") throw error;
    return failed(error.message, SENTENCES.answerTooLarge);
  }
}
