/**
 * All that a gateway knows while it runs.
 *
 * @module
 */
import type { Self } from "./bodies.ts";
import { Doorman } from "./doorman.ts";
import type { Json } from "./http.ts";
import type { Outgoing } from "./surface.ts";
import { type Peer, PeerBook } from "./peers.ts";

/** A message that was taken in, as often as it came. */
export interface Taken {
  readonly message: Json;
  readonly peer: Peer;
}

/** What an agent says to a message, or nothing. */
export type Agent = (message: Json, peer: Peer) => Json | undefined;

/** The state of one gateway. */
export class State {
  /** Whom it knows. */
  readonly peers: PeerBook;
  /** Who judges what they may do. */
  readonly doorman = new Doorman();
  /** Messages that were taken in, in order, repetitions included. */
  readonly taken: Taken[] = [];
  /** Replies to be handed out, by nonce. */
  readonly replies = new Map<string, Json>();
  /** Topics of agent-comms whose policy is `off`. */
  readonly closedTopics = new Set<string>();
  /** Personas that 0.7 messages may be addressed to. */
  readonly personas = new Set<string>();

  /** Of a gateway that knows nobody. */
  constructor(readonly self: Self) {
    this.peers = new PeerBook(self.dialect);
  }
}

/**
 * An answer in JSON.
 *
 * @param status The HTTP status.
 * @param body The body.
 * @returns The answer.
 */
export function answer(status: number, body: Json): Outgoing {
  return { status, body };
}

/**
 * Whether a timestamp is at most five minutes away.
 *
 * @param state Whose clock it is held against.
 * @param timestamp Anything.
 * @returns Whether it is.
 */
export function isFresh({ self }: State, timestamp: unknown): boolean {
  return Math.abs(self.clock() - Date.parse(String(timestamp))) <= 300_000;
}
