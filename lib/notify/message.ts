/**
 * A handed-on message as programs get it: as JSON, and in variables.
 *
 * @module
 */
import type { Handover } from "./handover.ts";
import { neutralName } from "./neutral.ts";

/**
 * The message as plain JSON: what a webhook's body and a command's input carry.
 *
 * @param handover The message.
 * @returns All fields of the message by their names.
 */
export function messageOf(handover: Handover): Record<string, unknown> {
  const { id, protocol, peer, intent, topic, priority, level, conversationId } = handover;
  const { payload, text, timestamp, nonce, expectsReply, frame } = handover;
  return {
    id,
    protocol,
    peer: { publicKey: peer.publicKey, id: peer.id, displayName: peer.displayName },
    intent,
    topic,
    priority,
    level,
    conversationId,
    payload,
    text,
    timestamp,
    nonce,
    expectsReply,
    frame,
  };
}

/**
 * The variables in which OGP's handlers find a message.
 *
 * @param handover The message.
 * @returns `OGP_INTENT`, `OGP_FROM` (the peer's id here), `OGP_PEER_KEY`, `OGP_PEER_NAME`, `OGP_NONCE`,
 * `OGP_TIMESTAMP`, `OGP_PAYLOAD` (JSON), and where there are such `OGP_TOPIC`, `OGP_PRIORITY`,
 * `OGP_LEVEL` and `OGP_CONVERSATION_ID`.
 */
export function variablesOf(handover: Handover): Record<string, string | undefined> {
  const { peer, payload } = handover;
  return {
    OGP_INTENT: handover.intent,
    OGP_FROM: peer.id,
    OGP_PEER_KEY: peer.publicKey,
    OGP_PEER_NAME: neutralName(peer.displayName),
    OGP_NONCE: handover.nonce,
    OGP_TIMESTAMP: handover.timestamp,
    OGP_PAYLOAD: JSON.stringify(payload ?? {}),
    OGP_TOPIC: handover.topic,
    OGP_PRIORITY: handover.priority,
    OGP_LEVEL: handover.level,
    OGP_CONVERSATION_ID: handover.conversationId,
  };
}
