/**
 * Keeps a log readable, whatever a program prints.
 *
 * @module
 */

/** Lines in a minute. */
const MOST = 60;

/** Characters of a line. */
const LONGEST = 500;

const MINUTE = 60_000;

/**
 * Lets so many lines through, and says how many it did not.
 *
 * @param write Takes a line of at most 500 characters.
 * @param now The present in milliseconds; for tests.
 * @returns Takes any line.
 *
 * @example
 * ```ts
 * import { limited } from "./log_limit.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * let time = 0;
 * const write = limited((line) => lines.push(line), () => time);
 * for (let i = 0; i < 100; i++) write("again");
 * time = 60_001;
 * write("later");
 * assertEquals([lines.length, lines.at(-2)], [62, "40 more lines were left out"]);
 * ```
 */
export function limited(
  write: (line: string) => void,
  now: () => number = () => performance.now(),
): (line: string) => void {
  let from = -Infinity;
  let count = 0;
  return (line) => {
    if (now() - from > MINUTE) {
      const left = count - MOST;
      from = now();
      count = 0;
      if (left > 0) write(`${left} more lines were left out`);
    }
    if (++count <= MOST) write(line.slice(0, LONGEST));
  };
}
