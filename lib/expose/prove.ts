/**
 * Proving that a new URL leads here. Names and edges of a tunnel take their time, so it is tried again and
 * again, for as long as nobody else answers.
 *
 * @module
 */
import { codeOf, MeshError, messageOf } from "../error.ts";

/** Looks once whether the URL leads here; throws if not. */
export type Look = (signal: AbortSignal) => Promise<void>;

/** Milliseconds between looks: short at first, when a moment may be enough. */
const PAUSES: readonly number[] = [500, 1000, 2000, 3000];
const LONGEST_PAUSE = 5000;

/**
 * Whether a look may turn out otherwise a little later: nobody answers, or something that is no gateway,
 * such as the tunnel's own page.
 *
 * @param error What the look threw.
 * @returns `false` for another gateway's answer.
 */
export function mayPass(error: unknown): boolean {
  const code = codeOf(error);
  return code === "unavailable" || code === "timeout";
}

/**
 * Looks until the URL leads here.
 *
 * @param look Looks once.
 * @param patienceMs Milliseconds in all.
 * @param signal Ends it early.
 * @throws {MeshError} What the last look threw if it was final; `timeout` with its words if time is over;
 * `interrupted`.
 */
export async function prove(look: Look, patienceMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let tries = 0;; tries++) {
    signal.throwIfAborted();
    try {
      return await look(signal);
    } catch (error) {
      if (signal.aborted) throw new MeshError("interrupted", "Interrupted", { cause: error });
      if (!mayPass(error)) throw error;
      const left = deadline - performance.now();
      if (left <= 0) {
        throw new MeshError(
          "timeout",
          `The URL does not lead here after ${Math.round(patienceMs / 1000)} s: ${
            messageOf(error)
          }`,
          { cause: error },
        );
      }
      await sleep(Math.min(PAUSES[tries] ?? LONGEST_PAUSE, left), signal);
    }
  }
}

/**
 * Lets time pass.
 *
 * @param ms Milliseconds.
 * @param signal Ends it early, without a failure.
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const onAbort = () => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);
}
