/**
 * Whom a gateway knows, and how each dialect finds them, holes included.
 *
 * @module
 */
import type { ScopeGrants } from "./doorman.ts";

/** The two dialects of the protocol. */
export type Dialect = "0.2" | "0.7";

/** A gateway that another one knows. */
export interface Peer {
  /** What it is called here: 0.2 `host:port`, 0.7 the first 32 digits of the key. */
  id: string;
  displayName: string;
  email: string;
  gatewayUrl: string;
  /** SPKI DER in hex. */
  publicKey: string;
  status: "pending" | "approved" | "rejected" | "removed";
  /** Who asked whom. */
  asked: "us" | "them";
  /** What it may do here. */
  grants?: ScopeGrants | undefined;
  /** What it lets us do. */
  granted?: ScopeGrants | undefined;
  /** Which intents it offered with its request. */
  offeredIntents?: readonly string[] | undefined;
}

/** The peers of one gateway. */
export class PeerBook {
  readonly #dialect: Dialect;
  #peers: Peer[] = [];

  /** An empty one. */
  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** All peers. */
  get all(): readonly Peer[] {
    return this.#peers;
  }

  /** Stores a peer in place of any that has its id. */
  put(peer: Peer): Peer {
    this.#peers = [...this.#peers.filter(({ id }) => id !== peer.id), peer];
    return peer;
  }

  /** Forgets peers. */
  drop(unwanted: (peer: Peer) => boolean): void {
    this.#peers = this.#peers.filter((peer) => !unwanted(peer));
  }

  /**
   * Who a message says that it is from. 0.2 takes the id literally; 0.7 any beginning of the key that is
   * at least an id.
   */
  sender(from: unknown): Peer | undefined {
    if (typeof from !== "string") return undefined;
    const exact = this.#peers.find(({ id }) => id === from);
    if (exact || this.#dialect === "0.2" || from.length < 32) return exact;
    return this.#peers.find(({ publicKey }) => publicKey.startsWith(from));
  }

  /** The peer with a key. */
  withKey(publicKey: unknown): Peer | undefined {
    return this.#peers.find((peer) => peer.publicKey === publicKey);
  }

  /** The peer at a URL. */
  at(gatewayUrl: unknown): Peer | undefined {
    return this.#peers.find((peer) => peer.gatewayUrl === gatewayUrl);
  }

  /** The first that nobody has decided about. */
  firstPending(): Peer | undefined {
    return this.#peers.find(({ status }) => status === "pending");
  }
}
