/**
 * Hands messages to Hermes by its signed webhook (`POST /webhooks/<route>`). Hermes remembers the id of a
 * delivery for an hour, in memory; its answer goes where its route says, not back to us.
 *
 * @module
 */
import { saidBy } from "../agent/redact.ts";
import { exchange } from "../agent/request.ts";
import { JsonObject } from "../signing/json.ts";
import type { HermesConfig } from "./config_types.ts";
import { deliveryId } from "./delivery_id.ts";
import type { Handover, Target } from "./handover.ts";
import { hmacSha256 } from "./hmac.ts";
import { neutralName } from "./neutral.ts";
import { checkReachable, failed, outcomeOfError, outcomeOfStatus, SENTENCES } from "./outcomes.ts";
import { readJson } from "./read_json.ts";

const LIMITS = { maxBytes: 65_536 };

/**
 * A target for one route of Hermes.
 *
 * @param config Where it is.
 * @returns The target.
 */
export function hermesTarget(config: HermesConfig): Target {
  const { secret, timeoutMs } = config;
  const url = new URL(config.url);
  return {
    kind: "hermes",
    idempotent: true,
    async handOn(handover, { signal } = {}) {
      const body = JSON.stringify(bodyOf(handover));
      const mac = await hmacSha256(new TextEncoder().encode(secret), body);
      const headers = {
        "x-hub-signature-256": `sha256=${mac.toHex()}`,
        "x-request-id": await deliveryId(handover.id),
      };
      try {
        return await exchange(
          url,
          { headers, body },
          { ...LIMITS, timeoutMs, signal },
          async (a) => {
            const text = await a.text();
            const ok = a.status >= 200 && a.status < 300;
            if (!ok) {
              return outcomeOfStatus("Hermes", a.status, saidBy(text, [secret]), a.retryAfter);
            }
            const answer = readJson(text);
            const status = answer instanceof JsonObject ? answer.get("status") : undefined;
            return status === "ignored"
              ? failed(
                "Hermes ignored the message: its route takes no such events",
                SENTENCES.refused,
              )
              : { kind: "handed" };
          },
        );
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    check: (options) => checkReachable(url, options),
  };
}

/** The fields that OGP's own daemon sends; `message` is the frame, so that prompts can quote it. */
function bodyOf(handover: Handover): Record<string, unknown> {
  const { protocol, peer, intent, topic, priority, conversationId, timestamp } = handover;
  return {
    event_type: `${protocol}_message`,
    peer_id: peer.id,
    peer_display_name: neutralName(peer.displayName),
    intent,
    topic: topic ?? null,
    message: handover.frame,
    priority: priority ?? "normal",
    conversation_id: conversationId ?? null,
    timestamp,
    payload: handover.payload ?? null,
  };
}
