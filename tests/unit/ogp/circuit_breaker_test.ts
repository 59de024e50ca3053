import { assert, assertEquals } from "@std/assert";
import { afterFailure, afterSuccess, breakerState } from "../../../lib/ogp/circuit_breaker.ts";
import type { PeerHealth } from "../../../lib/ogp/records.ts";

const START = Date.parse("2026-03-12T18:05:00Z");
const MINUTE = 60_000;
const at = (ms: number) => new Date(START + ms);

/** A record after failures at these times, in milliseconds. */
function failedAt(...times: number[]): PeerHealth | undefined {
  let health: PeerHealth | undefined;
  for (const time of times) health = afterFailure(health, at(time), "silence");
  return health;
}

Deno.test("five failures within ten minutes open it for half an hour", () => {
  const four = failedAt(0, 1, 2, 3);
  assertEquals(breakerState(four, at(3)), "closed");
  const five = failedAt(0, 1, 2, 3, 9 * MINUTE);
  assertEquals(breakerState(five, at(9 * MINUTE)), "open");
  assertEquals(five?.openUntil, at(39 * MINUTE).toISOString());
  assertEquals(breakerState(five, at(39 * MINUTE - 1)), "open");
  assertEquals(breakerState(five, at(39 * MINUTE)), "probe");
});

Deno.test("five failures that are further apart do not open it", () => {
  const slow = failedAt(...Array.from({ length: 20 }, (_, i) => i * 2.6 * MINUTE));
  assertEquals(breakerState(slow, at(20 * 2.6 * MINUTE)), "closed");
  assertEquals(slow?.openUntil, undefined);
});

Deno.test("one failure of the probe opens it again, one success closes it", () => {
  const open = failedAt(0, 1, 2, 3, 4);
  const probe = at(30 * MINUTE + 4);
  assertEquals(breakerState(open, probe), "probe");
  const again = afterFailure(open, probe, "silence");
  assertEquals(again.openUntil, new Date(probe.getTime() + 30 * MINUTE).toISOString());
  assertEquals(breakerState(again, probe), "open");
  const closed = afterSuccess(again, at(60 * MINUTE + 4));
  assert(closed);
  assertEquals(breakerState(closed, at(60 * MINUTE + 4)), "closed");
  assertEquals(closed, {
    lastSeenAt: at(60 * MINUTE + 4).toISOString(),
    lastCheckedAt: at(60 * MINUTE + 4).toISOString(),
    failures: [],
  });
  // It takes five again.
  assertEquals(afterFailure(closed, at(60 * MINUTE + 5), "silence").openUntil, undefined);
});

Deno.test("an attempt that ended late does not prolong it", () => {
  const open = failedAt(0, 1, 2, 3, 4);
  const late = afterFailure(open, at(5 * MINUTE), "silence");
  assertEquals(late.openUntil, open?.openUntil);
});

Deno.test("a clock that is set back does not keep it open for longer than was meant", () => {
  const open = failedAt(0, 1, 2, 3, 4);
  assertEquals(breakerState(open, at(-24 * 60 * MINUTE)), "probe");
  assertEquals(breakerState({ ...open!, openUntil: "soon" }, at(5)), "probe");
});

Deno.test("a success is written down only if it tells something", () => {
  const first = afterSuccess(undefined, at(0));
  assert(first);
  assertEquals(afterSuccess(first, at(4 * MINUTE)), undefined);
  assert(afterSuccess(first, at(5 * MINUTE)));
  assert(afterSuccess(first, at(-1)));
  assert(afterSuccess(failedAt(0), at(1)));
});

Deno.test("when it was last seen outlives failures, and failures are few", () => {
  let health = afterSuccess(undefined, at(0));
  for (let i = 1; i < 100; i++) health = afterFailure(health, at(i), `silence ${i}`);
  assertEquals(health?.lastSeenAt, at(0).toISOString());
  assertEquals([health?.failures.length, health?.lastError], [5, "silence 99"]);
});
