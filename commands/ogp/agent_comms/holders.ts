/**
 * Whose policies are meant: a peer, several, or one of which nothing but its key is known any more.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { findFederation, type Standing } from "../../../lib/ogp/peers.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { allowed } from "../../../lib/ogp/scope_rules.ts";
import { AGENT_COMMS } from "../../../lib/ogp/scope_types.ts";
import type { OgpState } from "../../../lib/ogp/state.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { peerLabel, peerWord } from "../federation/peer_words.ts";

/** A peer that has policies, or may have some. */
export interface Holder {
  /** Its key as DER. */
  readonly publicKey: string;
  /** Its id. */
  readonly id: string;
  /** The owner's name for it. */
  readonly alias?: string | undefined;
  /** Its own name. */
  readonly displayName: string;
  /** Where it stands; `unknown` if there is no record of it any more. */
  readonly status: Standing | "unknown";
  /** Its record as a peer. */
  readonly peer?: OgpPeer | undefined;
}

const KEY = /^302a300506032b6570032100[0-9a-f]{64}$/i;

/**
 * Finds a peer.
 *
 * @param state The state.
 * @param selector Its alias, id, name, URL or key.
 * @returns The peer.
 * @throws {MeshError} `not_found`, `ambiguous`.
 */
export async function findHolder(state: OgpState, selector: string): Promise<Holder> {
  try {
    return await findFederation(state, selector);
  } catch (error) {
    const missing = error instanceof MeshError && error.code === "not_found";
    if (missing && KEY.test(selector)) return unknownHolder(selector.toLowerCase());
    throw error;
  }
}

/**
 * Finds several peers.
 *
 * @param state The state.
 * @param words What was typed: names, also several in one word, separated by commas.
 * @returns The peers, each once.
 * @throws {MeshError} `not_found` or `ambiguous` for the first that cannot be found.
 */
export async function findHolders(state: OgpState, words: readonly string[]): Promise<Holder[]> {
  const selectors = words.flatMap((word) => word.split(",")).map((one) => one.trim());
  const found = new Map<string, Holder>();
  for (const selector of selectors.filter((one) => one !== "")) {
    const holder = await findHolder(state, selector);
    found.set(holder.publicKey, holder);
  }
  return [...found.values()];
}

/**
 * A peer of which only the key is known.
 *
 * @param publicKey The key as DER.
 * @returns The peer.
 */
export function unknownHolder(publicKey: string): Holder {
  return { publicKey, id: publicKey, displayName: publicKey, status: "unknown" };
}

/**
 * Tells where a policy does not count, because the peer may not write about the topic in the first place.
 *
 * @param terminal Where to.
 * @param holder The peer.
 * @param topics The topics that were set.
 */
export function noteWhatCannotCount(
  terminal: Terminal,
  holder: Holder,
  topics: readonly string[],
): void {
  const label = peerLabel(holder);
  if (holder.status !== "approved" || !holder.peer) {
    terminal.note(`${label} is not an approved peer: this counts once it is.`);
    return;
  }
  const { grants } = holder.peer;
  const closed = topics.filter((topic) => !allowed(grants, AGENT_COMMS, topic, new Date()).ok);
  if (closed.length === 0) return;
  const list = closed.map(safeText).join(", ");
  terminal.note(
    `${label} is not granted ${AGENT_COMMS} about ${list}, and is refused before this counts: ` +
      `mesh ogp federation scopes ${peerWord(holder)}`,
  );
}
