/**
 * The session in which an agent sees a conversation. A peer chooses the conversation's name, so the
 * peer's key is part of the session's: nobody gets into another one's conversation.
 *
 * @module
 */
import type { Handover } from "./handover.ts";

/**
 * Names the session of a message.
 *
 * @param handover The message.
 * @returns `<protocol>:<32 hex digits for the peer>:<32 hex digits for the conversation>`; a message
 * without a conversation is a session of its own.
 *
 * @example
 * ```ts
 * import { sessionOf } from "./session.ts";
 * import { assertMatch } from "@std/assert";
 *
 * const peer = { publicKey: "302a", id: "stan", displayName: "Stan" };
 * const message = { id: "m1", protocol: "ogp", peer, conversationId: "c1" } as const;
 * assertMatch(await sessionOf(message), /^ogp:[0-9a-f]{32}:[0-9a-f]{32}$/);
 * ```
 */
export async function sessionOf(
  { id, protocol, peer, conversationId }: Pick<
    Handover,
    "id" | "protocol" | "peer" | "conversationId"
  >,
): Promise<string> {
  const conversation = conversationId === undefined
    ? `message:${id}`
    : `conversation:${conversationId}`;
  return `${protocol}:${await digest(peer.publicKey)}:${await digest(conversation)}`;
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex().slice(0, 32);
}
