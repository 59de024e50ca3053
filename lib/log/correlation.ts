/**
 * What belongs together: an id that is made with a request, and found again in everything that is done for
 * it, also in what an outbox entry leads to later. It travels beside the calls, as the platform's
 * `AsyncLocalStorage` carries it, which is loaded by {@link startCorrelating}: commands do without.
 *
 * @module
 */

/** What of the platform's storage is used. */
interface Storage {
  getStore(): string | undefined;
  run<R>(id: string, work: () => R): R;
}

let storage: Storage | undefined;

/** The form of an id: 32 hex digits that are not all zeros, as trace ids of W3C Trace Context are. */
const ID = /^(?!0{32})[0-9a-f]{32}$/;

/** `traceparent` of W3C Trace Context, version 00 or one that begins like it. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/** Lets ids travel from now on, in the whole process. */
export async function startCorrelating(): Promise<void> {
  const { AsyncLocalStorage } = await import("node:async_hooks");
  storage ??= new AsyncLocalStorage<string>();
}

/**
 * Whether ids travel.
 *
 * @returns `false` before {@link startCorrelating}: then there is no use in making one.
 */
export function isCorrelating(): boolean {
  return storage !== undefined;
}

/**
 * Does something under an id.
 *
 * @param id The id; without one, or before {@link startCorrelating}, the work is just done.
 * @param work What to do; everything that it begins is done under the same id.
 * @returns What the work returns.
 */
export function correlate<R>(id: string | undefined, work: () => R): R {
  return storage && id !== undefined ? storage.run(id, work) : work();
}

/**
 * The id that this is done under.
 *
 * @returns 32 hex digits, or `undefined` if there is none.
 */
export function currentCorrelation(): string | undefined {
  return storage?.getStore();
}

/**
 * A new id.
 *
 * @returns 32 hex digits.
 */
export function newCorrelation(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}

/**
 * The id that a caller has for what it asks.
 *
 * @param traceparent The header of that name, as W3C Trace Context defines it.
 * @returns Its trace id, or `undefined` if it is none.
 *
 * @example
 * ```ts
 * import { correlationFrom } from "./correlation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
 * assertEquals(correlationFrom(header), "4bf92f3577b34da6a3ce929d0e0e4736");
 * assertEquals(correlationFrom("00-nonsense"), undefined);
 * ```
 */
export function correlationFrom(traceparent: string | undefined): string | undefined {
  const [, id = ""] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  return ID.test(id) ? id : undefined;
}
