/**
 * Handing on in the outbox: what its entries are called, and what has to stay in order.
 *
 * @module
 */
import type { Carrier } from "../../delivery/outbox.ts";
import { retryPolicy } from "../../delivery/retry_policy.ts";
import { encodeName } from "../../store/names.ts";
import type { IncomingMessage } from "../incoming.ts";
import { peerName } from "../state.ts";

/** The name of handing on in the outbox. */
export const HANDOVER_PROTOCOL = "handover";

const MESSAGE = "handover-";
const STRANGER = "handover-stranger-";

/**
 * Seconds between attempts: quick at first, for an agent that is just being restarted, then every hour,
 * and given up after 22 hours: a reply has to reach its peer within a day.
 */
const WAITS = [0, 1, 3, 10, 30, 60, 120, 300, 600, 900, 1800, ...Array(21).fill(3600)];

/** What the outbox has to know of handing on before there is anything to hand on. */
export const HANDOVER_RULES: Readonly<Pick<Carrier, "local" | "policy" | "inOrder">> = {
  local: true,
  policy: retryPolicy({ waits: WAITS }),
  inOrder: ({ to }) => isConversation(to),
};

/**
 * The entry of a message.
 *
 * @param name The name of its record.
 * @returns The entry's id.
 */
export function handoverId(name: string): string {
  return `${MESSAGE}${name}`;
}

/**
 * The entry of a stranger's request.
 *
 * @param publicKey The stranger's key.
 * @returns The entry's id.
 */
export function strangerId(publicKey: string): string {
  return `${STRANGER}${peerName(publicKey)}`;
}

/**
 * What an entry is about.
 *
 * @param id The entry's id.
 * @returns The name of a message's record, or of a request's.
 */
export function subjectOf(id: string): { message: string } | { stranger: string } {
  const rest = id.slice(STRANGER.length);
  // The name of a message's record has an `@`, whatever its sender called it.
  if (id.startsWith(STRANGER) && /^[0-9a-f]{64}$/.test(rest)) return { stranger: rest };
  return { message: id.slice(MESSAGE.length) };
}

/**
 * Whether a message can be handed on at all: its entry needs a name.
 *
 * @param name The name of its record.
 * @returns `false` for a nonce that is very long when it is escaped.
 */
export function canBeQueued(name: string): boolean {
  try {
    encodeName(handoverId(name));
    return true;
  } catch {
    return false;
  }
}

/**
 * What messages have in common that are handed on one after the other.
 *
 * @param message The message.
 * @returns `<peer>` or `<peer>/<16 hex digits for the conversation>`.
 */
export async function laneOf(
  { publicKey, conversationId }: Pick<IncomingMessage, "publicKey" | "conversationId">,
): Promise<string> {
  const peer = peerName(publicKey);
  if (conversationId === undefined) return peer;
  const bytes = new TextEncoder().encode(conversationId);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return `${peer}/${hash.slice(0, 16)}`;
}

/**
 * Whether a lane is a conversation, in which no message may overtake one that waits for its next attempt.
 *
 * @param lane As {@link laneOf} returns it.
 * @returns `false` for a peer's messages outside of conversations: each is a matter of its own.
 */
function isConversation(lane: string): boolean {
  return lane.includes("/");
}

/**
 * Whose message a lane is about.
 *
 * @param lane As {@link laneOf} returns it.
 * @returns The peer's `peerName`.
 */
export function peerOfLane(lane: string): string {
  return lane.split("/", 1)[0] ?? lane;
}
