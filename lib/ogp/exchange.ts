/**
 * What federation itself has to remember about a peer, apart from who it is and what it may do: what it
 * still has to be told, and what it said that must not count twice. A record per peer in `ogp/exchanges`.
 *
 * @module
 */
import { z } from "zod";
import { jsonCodec } from "../store/json_codec.ts";
import type { Collection } from "../store/store.ts";
import { type OgpState, peerName } from "./state.ts";

/** What a peer is told by itself: our grants, that it was removed, how we call ourselves. */
export type Announcement = "approve" | "removed" | "identity";

/** A version of what a peer has to know, by kind. */
export type Versions = Readonly<Partial<Record<Announcement, string>>>;

/** A signed approval or rejection that was taken. */
export interface TakenApproval {
  /** Its timestamp as signed, ISO 8601. */
  readonly at: string;
  /** The digest of its text. */
  readonly digest: string;
}

/** A proof of identity that was shown to us. */
export interface SeenProof {
  /** The digest of its text. */
  readonly digest: string;
  /** Until when it could be taken for something else, ISO 8601. */
  readonly until: string;
}

/** What is remembered about the exchanges with one peer. */
export interface Exchange {
  /** Which versions the peer has to be told. Written before they take effect. */
  readonly owed?: Versions | undefined;
  /** Which versions are settled: it has confirmed them, or has refused them for good. */
  readonly told?: Versions | undefined;
  /** The last approval or rejection of its that was taken: older ones are replays. */
  readonly lastApproval?: TakenApproval | undefined;
  /** Digests of its identity updates that were taken, newest last. */
  readonly identities?: readonly string[] | undefined;
  /** The timestamp of its last identity update that had one, ISO 8601. */
  readonly lastIdentityAt?: string | undefined;
  /** Its proofs of identity that were shown to us lately. */
  readonly proofs?: readonly SeenProof[] | undefined;
  /** Until when there were more proofs than are remembered, ISO 8601. */
  readonly proofsOverflowUntil?: string | undefined;
  /** When its own gateway was last asked whether it removed us, ISO 8601. */
  readonly removalLookedAt?: string | undefined;
}

const word = z.string().max(200);
const versions = z.looseObject({
  approve: word.optional(),
  removed: word.optional(),
  identity: word.optional(),
}).optional();

const shape = z.looseObject({
  owed: versions,
  told: versions,
  lastApproval: z.looseObject({ at: word, digest: word }).optional(),
  identities: z.array(word).optional(),
  lastIdentityAt: word.optional(),
  proofs: z.array(z.looseObject({ digest: word, until: word })).optional(),
  proofsOverflowUntil: word.optional(),
  removalLookedAt: word.optional(),
}) as unknown as { parse(value: unknown): Exchange };

/**
 * The records of a root, named by `peerName`.
 *
 * @param state The state.
 * @returns The collection.
 */
export function exchanges(state: Pick<OgpState, "store">): Collection<Exchange> {
  return state.store.collection("ogp/exchanges", jsonCodec(shape));
}

/**
 * The record of one peer.
 *
 * @param state The state.
 * @param publicKey The peer's key.
 * @returns The record, empty if there is none.
 */
export async function readExchange(
  state: Pick<OgpState, "store">,
  publicKey: string,
): Promise<Exchange> {
  return await exchanges(state).get(peerName(publicKey)) ?? {};
}

/**
 * Changes the record of one peer.
 *
 * @param state The state.
 * @param publicKey The peer's key.
 * @param change What changes; called with what is there, and `undefined` leaves it.
 */
export async function changeExchange(
  state: Pick<OgpState, "store">,
  publicKey: string,
  change: (exchange: Exchange) => Partial<Exchange> | undefined,
): Promise<void> {
  await exchanges(state).update(peerName(publicKey), (current) => {
    const changes = change(current ?? {});
    return changes && { ...current, ...changes };
  });
}

/**
 * A digest by which a text is known again.
 *
 * @param text The text.
 * @returns The SHA-256 of its UTF-8 bytes, 64 hex digits.
 */
export async function digestOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
