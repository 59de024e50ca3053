/**
 * How often one address may ask. In memory, bounded, forgetful: it protects the disk from strangers and
 * is not what decides whom we trust.
 *
 * @module
 */

/** A limiter of calls per key in a sliding window. */
export interface RateLimiter {
  /** Counts a call; returns 0 if it may go on, else the seconds until it may. */
  take(key: string): number;
}

/** What is allowed. */
export interface RateLimitOptions {
  /** Calls in a window. */
  readonly calls: number;
  /** The window's length in seconds. */
  readonly windowSeconds: number;
  /** Most keys remembered; the oldest is forgotten. Default 10,000. */
  readonly maxKeys?: number;
  /** Milliseconds of a clock that never goes back; for tests. */
  readonly now?: () => number;
}

/**
 * Builds a limiter that holds in *any* window of its length.
 *
 * @param options What is allowed.
 * @returns The limiter.
 *
 * @example
 * ```ts
 * import { rateLimiter } from "./rate_limit.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const limiter = rateLimiter({ calls: 2, windowSeconds: 60, now: () => 0 });
 * assertEquals([limiter.take("a"), limiter.take("a"), limiter.take("a")], [0, 0, 60]);
 * ```
 */
export function rateLimiter(
  { calls, windowSeconds, maxKeys = 10_000, now = () => performance.now() }: RateLimitOptions,
): RateLimiter {
  const seen = new Map<string, number[]>();
  return {
    take(key) {
      const time = now();
      const since = time - windowSeconds * 1000;
      const recent = (seen.get(key) ?? []).filter((call) => call > since);
      const [oldest] = recent;
      if (recent.length >= calls && oldest !== undefined) {
        return Math.max(1, Math.ceil((oldest - since) / 1000));
      }
      recent.push(time);
      // Deleting first moves the key to the end: the first key is the one longest unheard of.
      seen.delete(key);
      seen.set(key, recent);
      const [stalest] = seen.keys();
      if (seen.size > maxKeys && stalest !== undefined) seen.delete(stalest);
      return 0;
    },
  };
}

/**
 * What counts as one address: an IPv4 address, or the /64 network of an IPv6 address, which one host owns
 * whole.
 *
 * @param address As the socket tells it.
 * @returns The key for a limiter.
 */
export function addressKey(address: string | undefined): string {
  if (!address) return "unknown";
  if (!address.includes(":")) return address;
  const words = wordsOf(address.replace(/%.*$/, ""));
  const [high = 0, low = 0] = words.slice(6).map((word) => parseInt(word, 16));
  if (words.slice(0, 6).join(":") === "0:0:0:0:0:ffff") {
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return words.slice(0, 4).join(":");
}

/** The eight words of an IPv6 address: the platform spells it in one way, but for the zeros it omits. */
function wordsOf(address: string): string[] {
  const text = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? "";
  const halves = text.split("::").map((half) => half.split(":").filter((word) => word !== ""));
  const [before = [], after = []] = halves;
  return [...before, ...Array(8 - before.length - after.length).fill("0"), ...after];
}
