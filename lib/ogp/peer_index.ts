/**
 * Finds peers by what their messages call them. Only the names are cached; the record, which says what a
 * peer may do, is read each time.
 *
 * @module
 */
import { hostPort, ID_DIGITS } from "./names.ts";
import type { OgpPeer } from "./records.ts";
import { type OgpState, peerName } from "./state.ts";

/** How young a change of the folder may be, in milliseconds, for the cache to still be in doubt. */
const SETTLED = 100;

/** How long a cache is used without a look at the folder's time. */
const TRUSTED = 50;

/** Names of peers, kept as long as their folder does not change. */
export class PeerIndex {
  readonly #state: Pick<OgpState, "root" | "peers">;
  #names = new Map<string, string[]>();
  #keys: readonly string[] = [];
  #loadedAt = 0;
  #lookedAt = -Infinity;
  #folderTime: number | undefined;
  #loading: Promise<void> | undefined;

  /** @param state Where the peers are. */
  constructor(state: Pick<OgpState, "root" | "peers">) {
    this.#state = state;
  }

  /**
   * The peers that may be meant.
   *
   * @param from What a message calls its sender: a key or the beginning of one (32 digits or more),
   * `host:port`, or an id. Who signed it decides.
   * @returns Their records as they are now, removed peers included.
   */
  async candidates(from: string): Promise<OgpPeer[]> {
    const name = nameOf(from);
    await this.#refresh(TRUSTED);
    // A peer that was approved a moment ago is not turned away.
    if (!this.#names.has(name)) await this.#refresh(0);
    const keys = this.#names.get(name) ?? [];
    const found = await Promise.all(keys.map((key) => this.get(key)));
    // A prefix that is longer than the id must still be the beginning of the key.
    const isKey = /^302a300506032b6570032100[0-9a-f]{8}/i.test(from);
    return found.filter((peer) => peer !== undefined)
      .filter(({ publicKey }) => !isKey || publicKey.startsWith(from.toLowerCase()));
  }

  /**
   * The keys of all peers, removed ones included, as of a moment ago.
   *
   * @returns The keys as DER.
   */
  async keys(): Promise<readonly string[]> {
    await this.#refresh(TRUSTED);
    return this.#keys;
  }

  /**
   * The peer of a key.
   *
   * @param publicKey The key as DER.
   * @returns Its record as it is now.
   */
  async get(publicKey: string): Promise<OgpPeer | undefined> {
    return await this.#state.peers.get(peerName(publicKey));
  }

  async #refresh(trustedMs: number): Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt < trustedMs) return await this.#loading;
    const time = await this.#timeOfFolder();
    this.#lookedAt = now;
    // A folder's time has the grain of a tick: what changed within the last moments may look unchanged.
    const inDoubt = time === undefined || Date.now() - time < SETTLED;
    if (time === this.#folderTime && this.#loadedAt > 0 && !(inDoubt && now > this.#loadedAt)) {
      return await this.#loading;
    }
    this.#loading ??= this.#load(time).finally(() => this.#loading = undefined);
    await this.#loading;
  }

  async #load(time: number | undefined): Promise<void> {
    const names = new Map<string, string[]>();
    const { entries } = await this.#state.peers.list();
    for (const { value } of entries) {
      for (const name of namesOf(value)) {
        const keys = names.get(name) ?? [];
        if (!keys.includes(value.publicKey)) keys.push(value.publicKey);
        names.set(name, keys);
      }
    }
    this.#names = names;
    this.#keys = entries.map(({ value }) => value.publicKey);
    this.#folderTime = time;
    this.#loadedAt = performance.now();
  }

  async #timeOfFolder(): Promise<number | undefined> {
    try {
      return (await Deno.stat(`${this.#state.root}/ogp/peers`)).mtime?.getTime();
    } catch {
      return undefined;
    }
  }
}

function namesOf(peer: OgpPeer): string[] {
  const names = [peer.publicKey, hostPort(peer.gatewayUrl), peer.id, peer.claimedId ?? peer.id];
  return names.map(nameOf);
}

/** One form for all lengths of a key. */
function nameOf(from: string): string {
  const lower = from.toLowerCase();
  return /^302a300506032b6570032100[0-9a-f]{8,64}$/.test(lower) ? lower.slice(0, ID_DIGITS) : lower;
}
