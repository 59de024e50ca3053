/**
 * A map that forgets what was not used for longest.
 *
 * @module
 */

/**
 * A map of at most `limit` entries; reading an entry counts as use.
 *
 * @example
 * ```ts
 * import { Lru } from "./lru.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lru = new Lru<string, number>(2);
 * lru.set("a", 1);
 * lru.set("b", 2);
 * lru.get("a");
 * lru.set("c", 3);
 * assertEquals([lru.get("a"), lru.get("b"), lru.get("c")], [1, undefined, 3]);
 * ```
 */
export class Lru<K, V> {
  readonly #limit: number;
  /** Maps keep the order of insertion: the first entry is the one to forget. */
  readonly #entries = new Map<K, V>();

  /**
   * Makes an empty map.
   *
   * @param limit How many entries to keep, at least 1.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Looks an entry up and marks it as used.
   *
   * @param key The key.
   * @returns Its value, or `undefined` if it is not there or was forgotten.
   */
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /**
   * Adds or replaces an entry, and forgets the oldest one if there are too many.
   *
   * @param key The key.
   * @param value Its value, not `undefined`.
   */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#limit) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
  }
}
