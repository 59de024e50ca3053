/**
 * Who is who: peers, gateways that asked, gateways that were asked, as one list, and the one that an owner
 * means.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { baseUrl, hostPort, keyId } from "./names.ts";
import type { IncomingRequest, OgpPeer, OutgoingRequest, PeerCard } from "./records.ts";
import type { OgpState } from "./state.ts";

/** Where a gateway stands with us. `pending` and `rejected` are requests, of theirs or of ours. */
export type Standing = "approved" | "removed" | "pending" | "rejected";

/** A gateway and all that is on record about it. */
export interface Federation extends PeerCard {
  /** What we call it. */
  readonly id: string;
  /** The name that the owner gave it. */
  readonly alias?: string | undefined;
  /** The owner's labels. */
  readonly tags: readonly string[];
  /** Where it stands. */
  readonly status: Standing;
  /** Whose request it is that is pending or was rejected. */
  readonly direction?: "incoming" | "outgoing";
  /** Its record as a peer. */
  readonly peer?: OgpPeer | undefined;
  /** Its request. */
  readonly incoming?: IncomingRequest | undefined;
  /** Our request. */
  readonly outgoing?: OutgoingRequest | undefined;
}

/** How to look a gateway up. */
export interface FindOptions {
  /** Which ones are meant at all. Default: all. */
  readonly among?: (federation: Federation) => boolean;
  /** What is looked for, for the error. Default `peer`. */
  readonly what?: string;
}

type Collections = Pick<OgpState, "peers" | "requestsIn" | "requestsOut">;

/** What all keys begin with, and some digits of one. */
const KEY_PREFIX = /^302a300506032b6570032100[0-9a-f]+$/;

/** Where to look next. */
const HINT = "mesh ogp federation list";

/**
 * All gateways that are known, each once.
 *
 * @param state The state.
 * @returns The gateways by name.
 */
export async function listFederation(state: Collections): Promise<Federation[]> {
  const [peers, incoming, outgoing] = await Promise.all([
    state.peers.list(),
    state.requestsIn.list(),
    state.requestsOut.list(),
  ]);
  const known = new Map<string, Parts>();
  const part = (publicKey: string) => {
    const parts = known.get(publicKey) ?? {};
    known.set(publicKey, parts);
    return parts;
  };
  for (const { value } of peers.entries) part(value.publicKey).peer = value;
  for (const { value } of incoming.entries) part(value.publicKey).incoming = value;
  for (const { value } of outgoing.entries) part(value.publicKey).outgoing = value;
  return [...known.values()].map(federationOf).filter((one) => one !== undefined).sort(byName);
}

/**
 * Finds the gateway that an owner means.
 *
 * @param state The state.
 * @param selector Its alias, id, key, URL or name; or the beginning of an alias, id, key or name that
 * only one has.
 * @param options Which ones are meant.
 * @returns The gateway.
 * @throws {MeshError} `not_found`, or `ambiguous` with the candidates.
 */
export async function findFederation(
  state: Collections,
  selector: string,
  { among = () => true, what = "peer" }: FindOptions = {},
): Promise<Federation> {
  const known = await listFederation(state);
  const all = known.filter(among);
  const wanted = selector.trim().toLowerCase();
  const url = /^https?:/.test(wanted) ? baseUrl(selector.trim()) : undefined;
  const isKey = KEY_PREFIX.test(wanted);
  const given = ({ alias, id, publicKey }: Federation) =>
    [alias ?? "", id, publicKey].map((name) => name.toLowerCase());
  const isGiven = (one: Federation) => given(one).includes(wanted);
  const begins = (one: Federation) => given(one).some((name) => name.startsWith(wanted));
  const shown = ({ displayName }: Federation) => displayName.toLowerCase();
  const rules: ((one: Federation) => boolean)[] = [
    // An id that is the beginning of two keys is nobody's.
    ({ publicKey }) => isKey && publicKey.startsWith(wanted),
    ({ alias, id }) => alias === selector || id === selector,
    ({ gatewayUrl }) => url !== undefined && baseUrl(gatewayUrl) === url,
    (one) => isGiven(one) || hostPort(one.gatewayUrl) === wanted,
    // A gateway chooses its name itself: no name takes what the owner may have meant for another one.
    (one) => shown(one) === wanted || begins(one),
    (one) => shown(one).startsWith(wanted),
  ];
  // What the owner calls one gateway is not another one's to be called, also where the first is not meant.
  const isAnothers = !isKey && known.some(isGiven) && !all.some(isGiven);
  for (const rule of wanted === "" || isAnothers ? [] : rules) {
    const matches = all.filter(rule);
    const [only] = matches;
    if (only && matches.length === 1) return only;
    if (only) {
      const list = matches.slice(0, 5).map((one) => describe(one, isKey)).join(", ");
      throw new MeshError("ambiguous", `"${selector}" matches several: ${list}`, { hint: HINT });
    }
  }
  throw new MeshError("not_found", `No ${what} is called "${selector}"`, { hint: HINT });
}

/**
 * Finds an approved peer.
 *
 * @param state The state.
 * @param selector As for {@link findFederation}.
 * @returns The peer's record.
 * @throws {MeshError} `not_found`, `ambiguous`, or `not_trusted` with what to do if it is not approved.
 */
export async function findApproved(state: Collections, selector: string): Promise<OgpPeer> {
  const approved = (one: Federation) => one.status === "approved";
  try {
    const { peer } = await findFederation(state, selector, { among: approved });
    if (peer) return peer;
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "not_found") throw error;
  }
  const found = await findFederation(state, selector);
  const name = found.alias ?? found.displayName;
  throw new MeshError("not_trusted", notApproved(name, found), { hint: remedy(found) });
}

/**
 * The id that a gateway gets here.
 *
 * @param state The state.
 * @param publicKey Its key.
 * @param wanted The id that the owner chose.
 * @returns `wanted`, else the first 32 digits of the key, else, if another gateway has that, the whole key.
 * @throws {MeshError} `exists` if another gateway has the wanted id or alias.
 */
export async function chooseId(
  state: Collections,
  publicKey: string,
  wanted?: string,
): Promise<string> {
  const others = (await listFederation(state)).filter((one) => one.publicKey !== publicKey);
  const taken = (id: string) => others.find((one) => one.id === id || one.alias === id);
  if (wanted !== undefined) {
    const other = taken(wanted);
    if (!other) return wanted;
    throw new MeshError("exists", `"${wanted}" is ${other.displayName} already`, { hint: HINT });
  }
  const id = keyId(publicKey);
  return taken(id) ? publicKey : id;
}

interface Parts {
  peer?: OgpPeer;
  incoming?: IncomingRequest;
  outgoing?: OutgoingRequest;
}

function federationOf(parts: Parts): Federation | undefined {
  const { peer, incoming, outgoing } = parts;
  const pendingIn = incoming?.status === "pending" && peer?.status !== "approved";
  const pendingOut = outgoing?.status === "pending" && peer?.status !== "approved";
  const record = pendingIn ? incoming : pendingOut ? outgoing : peer ?? incoming ?? outgoing;
  if (!record) return undefined;
  const direction = record === incoming ? "incoming" : record === outgoing ? "outgoing" : undefined;
  const { publicKey, displayName, gatewayUrl, email, humanName, agentName, organization } = record;
  const alias = peer?.alias ?? outgoing?.alias ?? incoming?.alias;
  const tags = peer?.tags ?? outgoing?.tags ?? incoming?.tags ?? [];
  return {
    ...{ publicKey, displayName, gatewayUrl, email, humanName, agentName, organization },
    ...{ id: peer?.id ?? outgoing?.id ?? record.id, alias, tags, status: record.status },
    ...(direction ? { direction } : {}),
    ...parts,
  };
}

function byName(a: Federation, b: Federation): number {
  const name = (one: Federation) => `${one.alias ?? one.displayName}\n${one.id}`.toLowerCase();
  return name(a) < name(b) ? -1 : 1;
}

function describe({ alias, displayName, id, publicKey }: Federation, byKey: boolean): string {
  return `${alias ?? displayName} (${byKey ? publicKey : id})`;
}

function notApproved(name: string, { status, direction }: Federation): string {
  if (status === "removed") return `The federation with "${name}" was ended`;
  if (status === "rejected") return `The request between "${name}" and this gateway was rejected`;
  return direction === "incoming"
    ? `"${name}" is not approved yet`
    : `"${name}" has not approved our request yet`;
}

function remedy({ status, direction, id, gatewayUrl }: Federation): string {
  if (status === "pending" && direction === "incoming") return `mesh ogp federation approve ${id}`;
  if (status === "pending") {
    return `its owner has to approve it; or ask again: mesh ogp federation request ${gatewayUrl}`;
  }
  return `mesh ogp federation request ${gatewayUrl}`;
}
