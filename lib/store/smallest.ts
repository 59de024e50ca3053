/**
 * The first few of many, without keeping the many.
 *
 * @module
 */

/** Collects items and keeps the `count` smallest; never holds more than twice as many, or 64. */
export class Smallest<T> {
  readonly #count: number;
  readonly #room: number;
  readonly #compare: (a: T, b: T) => number;
  #items: T[] = [];
  #worst: T | undefined;

  /**
   * Starts with no items.
   *
   * @param count How many to keep; `Infinity` to keep all.
   * @param compare Negative if the first comes before the second.
   */
  constructor(count: number, compare: (a: T, b: T) => number) {
    this.#count = count;
    this.#room = Math.max(2 * count, 64);
    this.#compare = compare;
  }

  /** How many items are held now. */
  get size(): number {
    return this.#items.length;
  }

  /**
   * Takes an item into account.
   *
   * @param item The item.
   */
  add(item: T): void {
    if (this.#worst !== undefined && this.#compare(item, this.#worst) >= 0) return;
    this.#items.push(item);
    if (this.#items.length >= this.#room) this.#trim();
  }

  /**
   * What was kept.
   *
   * @returns At most `count` items, the smallest first.
   */
  sorted(): T[] {
    this.#trim();
    return this.#items;
  }

  #trim(): void {
    this.#items.sort(this.#compare);
    if (this.#items.length < this.#count) return;
    this.#items.length = this.#count;
    this.#worst = this.#items[this.#count - 1];
  }
}
