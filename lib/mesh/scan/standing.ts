/**
 * How an agent that a scan found stands to this node.
 *
 * @module
 */
import { parsePublicKeyPem } from "../../identity/keys.ts";
import type { AgentCard } from "../card.ts";
import type { Peer } from "../records.ts";

/** What a scan's table says about an agent. */
export type Standing = "this node" | "trusted" | "requested" | "new" | "KEY CHANGED";

/** What this node knows already. */
export interface Known {
  /** This node, if it has an identity. */
  readonly self?: Pick<AgentCard, "agent_id" | "public_key">;
  /** The approved peers. */
  readonly peers?: Iterable<Pick<Peer, "agent_id" | "public_key" | "endpoint">>;
  /** The base URL where the card was found. */
  readonly url?: string;
  /** Whether a contact request of this key is waiting, on either side. */
  readonly requested?: boolean;
}

/**
 * Judges a card. It is a comparison with what is on record, no proof: anybody can show a peer's card.
 *
 * A peer is its key, so a known key is `trusted` wherever it is found. `KEY CHANGED` is a card with the
 * id of a peer, or of this node, or at the place of a peer, whose key is neither theirs nor another
 * peer's: a machine set up anew, or somebody in a peer's place.
 *
 * @param card What was found.
 * @param known What is on record.
 * @returns The standing.
 *
 * @example
 * ```ts
 * import { standingOf } from "./standing.ts";
 * import { publicKeyFromRaw } from "../../identity/keys.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [old, fresh] = [1, 2].map((byte) => publicKeyFromRaw(new Uint8Array(32).fill(byte)).pem);
 * const card = { agent_id: "stan", endpoint: "http://10.0.0.7:8787", public_key: fresh! };
 * assertEquals(standingOf(card, {}), "new");
 * assertEquals(standingOf(card, { peers: [{ ...card, public_key: old! }] }), "KEY CHANGED");
 * ```
 */
export function standingOf(
  card: Pick<AgentCard, "agent_id" | "endpoint" | "public_key">,
  { self, peers = [], url, requested = false }: Known,
): Standing {
  const key = keyOf(card.public_key);
  if (self && keyOf(self.public_key) === key) return "this node";
  if (self?.agent_id === card.agent_id) return "KEY CHANGED";
  const places = [card.endpoint, url].map(placeOf).filter((place) => place !== undefined);
  let known = false;
  let displaced = false;
  for (const peer of peers) {
    const same = keyOf(peer.public_key) === key;
    if (peer.agent_id === card.agent_id) return same ? "trusted" : "KEY CHANGED";
    const place = placeOf(peer.endpoint);
    if (same) known = true;
    else if (place !== undefined && places.includes(place)) displaced = true;
  }
  if (known) return "trusted";
  if (displaced) return "KEY CHANGED";
  return requested ? "requested" : "new";
}

/** What keys are compared by; the text itself where it is no key, so that it equals nothing but itself. */
function keyOf(pem: string): string {
  try {
    return parsePublicKeyPem(pem).hex;
  } catch {
    return pem;
  }
}

function placeOf(endpoint: string | null | undefined): string | undefined {
  const url = endpoint ? URL.parse(endpoint) : null;
  return url ? `${url.origin}${url.pathname.replace(/\/+$/, "")}` : undefined;
}
