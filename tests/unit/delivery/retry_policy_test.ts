import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { retryPolicy, STANDARD_WAITS } from "../../../lib/delivery/retry_policy.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

Deno.test("ten attempts are made over four days, and then it is given up", () => {
  const policy = retryPolicy({ jitter: 0 });
  const waits = Array.from({ length: 12 }, (_, failures) => policy(failures));
  assertEquals(waits, [
    0,
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
    null,
    null,
  ]);
});

Deno.test("a wait is never shorter than the table says, nor longer than by the jitter", () => {
  fc.assert(fc.property(
    fc.nat({ max: STANDARD_WAITS.length - 1 }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.double({ min: 0, max: 2, noNaN: true }),
    (failures, random, jitter) => {
      const base = (STANDARD_WAITS[failures] ?? NaN) * SECOND;
      const wait = retryPolicy({ jitter, random: () => random })(failures);
      assert(wait !== null && wait >= base && wait <= base * (1 + jitter) + 1);
      assert(Number.isInteger(wait));
    },
  ));
});

Deno.test("many senders do not come back at once", () => {
  const policy = retryPolicy();
  const waits = new Set(Array.from({ length: 50 }, () => policy(2)));
  assert(waits.size > 25, `${waits.size} different waits of 50`);
});

Deno.test("another table is followed to its end", () => {
  const policy = retryPolicy({ waits: [1, 2], jitter: 0 });
  assertEquals([policy(0), policy(1), policy(2)], [1000, 2000, null]);
});
