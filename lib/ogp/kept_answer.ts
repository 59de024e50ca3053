/**
 * How much of a peer's answer is kept with the message that it answers: a peer must not be able to make a
 * record too large to be written: what it took would never be settled.
 *
 * @module
 */

/** Most bytes of an answer as JSON: a record has room for twice as much, and a reply comes beside it. */
const MOST = 2 * 1024 * 1024;

/** Most bytes of one field of an answer that is larger. */
const MOST_OF_FIELD = 4096;

/**
 * An answer as it is kept.
 *
 * @param answer The answer, plain JSON.
 * @returns The answer; of one whose text is longer than 2 MiB the short fields, and how long the others
 * were.
 *
 * @example
 * ```ts
 * import { keptAnswer } from "./kept_answer.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(keptAnswer({ received: true }), { received: true });
 * const long = { received: true, text: "x".repeat(3_000_000) };
 * assertEquals(keptAnswer(long), { received: true, text: "(left out: 3000002 bytes)" });
 * ```
 */
export function keptAnswer(answer: unknown): unknown {
  const bytes = bytesOf(answer);
  if (bytes <= MOST) return answer;
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) {
    const fields = Object.entries(answer).map(([key, value]) => {
      const size = bytesOf(value);
      return [key, size <= MOST_OF_FIELD ? value : leftOut(size)];
    });
    const short = Object.fromEntries(fields);
    if (bytesOf(short) <= MOST) return short;
  }
  return leftOut(bytes);
}

function leftOut(bytes: number): string {
  return `(left out: ${bytes} bytes)`;
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value) ?? "").length;
}
