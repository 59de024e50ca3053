/**
 * Deliveries in words: what they are, in either protocol.
 *
 * @module
 */
import type { OutboxEntry } from "../../lib/delivery/outbox.ts";
import { splitCompositeId } from "../../lib/store/composite_id.ts";

/**
 * Where the message of a delivery stays when the delivery is gone.
 *
 * @param entry The delivery.
 * @returns A sentence.
 */
export function whereItStays({ protocol }: OutboxEntry): string {
  if (protocol === "mesh") return "The message stays in messages/outgoing.";
  if (protocol === "ogp") return "The message stays in ogp/messages/outgoing.";
  if (protocol === "handover") return "The message stays in ogp/messages/incoming.";
  return `The peer will not get ${thingOf(protocol)}.`;
}

/**
 * What a delivery of OGP that is no message brings to the peer.
 *
 * @param protocol The entry's protocol.
 * @returns Such as `the approval`.
 */
export function thingOf(protocol: string): string {
  switch (protocol) {
    case "ogp-approve":
      return "the approval with its grants";
    case "ogp-removed":
      return "the word that the federation is over";
    case "ogp-reply":
      return "the reply";
    case "ogp-identity":
      return "this gateway's new name and URL";
    default:
      return `what "${protocol}" is about`;
  }
}

/**
 * Whether an entry is the notice of a stranger's request, and no message.
 *
 * @param id The entry's id.
 */
export function isNotice(id: string): boolean {
  return id.startsWith("handover-stranger-");
}

/**
 * What is handed to the owner's agent, in words.
 *
 * @param id The entry's id.
 * @returns The message's nonce, or that it is about a stranger.
 */
export function handoverName(id: string): string {
  if (isNotice(id)) return "the notice that somebody asks to federate";
  return splitCompositeId(id.replace(/^handover-/, ""))[0] ?? id;
}
