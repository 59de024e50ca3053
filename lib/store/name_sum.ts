/**
 * A sum over names that tells one set of names from another, whatever the order in which they come, and
 * takes no more room for a hundred thousand than for one.
 *
 * @module
 */

/**
 * How many names there are, and the sum of two hashes of each. The hashes are FNV-1a and a variant of it
 * (http://www.isthe.com/chongo/tech/comp/fnv/), finished as in MurmurHash3. They begin with a seed, so that
 * nobody who does not know it can choose names whose sums cancel out.
 */
export class NameSum {
  readonly #seed: number;
  #count: number;
  #first: number;
  #second: number;

  /**
   * A sum; by default that of no names.
   *
   * @param seed What the hashes begin with, a whole number below 2³².
   * @param count How many names it covers.
   * @param first The sum of their first hashes, below 2³².
   * @param second The sum of their second hashes, below 2³².
   */
  constructor(seed: number, count = 0, first = 0, second = 0) {
    this.#seed = seed;
    this.#count = count;
    this.#first = first;
    this.#second = second;
  }

  /** How many names there are. */
  get count(): number {
    return this.#count;
  }

  /** The arguments that make this sum again. */
  get parts(): [seed: number, count: number, first: number, second: number] {
    return [this.#seed, this.#count, this.#first, this.#second];
  }

  /**
   * Adds a name.
   *
   * @param name A name that is not among them.
   */
  add(name: string): void {
    this.#change(name, 1);
  }

  /**
   * Takes a name out.
   *
   * @param name A name that is among them.
   */
  remove(name: string): void {
    this.#change(name, -1);
  }

  /**
   * Whether two sums are of the same names.
   *
   * @param other A sum with the same seed.
   * @returns Whether they agree; they do by chance once in 2⁶⁴ times.
   */
  equals(other: NameSum): boolean {
    return this.parts.every((part, index) => part === other.parts[index]);
  }

  #change(name: string, sign: 1 | -1): void {
    let first = this.#seed;
    let second = ~this.#seed;
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul((second ^ code) + (second >>> 15), 0x9e3779b1);
    }
    this.#count += sign;
    this.#first = (this.#first + sign * finish(first)) >>> 0;
    this.#second = (this.#second + sign * finish(second)) >>> 0;
  }
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
