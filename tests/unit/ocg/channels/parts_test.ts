import { assert, assertEquals, assertGreaterOrEqual, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Backoff } from "../../../../lib/ocg/channels/backoff.ts";
import { Pace } from "../../../../lib/ocg/channels/pace.ts";
import { pause, settled } from "../../../../lib/ocg/channels/pause.ts";
import { ChannelState } from "../../../../lib/ocg/channels/state.ts";

Deno.test("waiting grows to its bound, varies within a quarter, and starts over after success", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), (failures) => {
    const backoff = new Backoff({ firstMs: 100, mostMs: 1_000 });
    for (let i = 0; i < failures; i++) {
      const whole = Math.min(1_000, 100 * 2 ** i);
      const wait = backoff.next();
      assert(wait <= whole && wait >= whole * 0.75);
    }
    backoff.reset();
    assert(backoff.next() <= 100);
  }));
});

Deno.test("a burst goes at once, and what follows at the pace of the limit", async () => {
  const pace = new Pace();
  const start = performance.now();
  const times: number[] = [];
  await Promise.all(
    [1, 2, 3, 4].map(() =>
      pace.turn("a", { burst: 2, everyMs: 40 }).then(() => times.push(performance.now() - start))
    ),
  );
  assertGreaterOrEqual(times[2]!, 38);
  assertGreaterOrEqual(times[3]!, 78);
});

Deno.test("who is told to wait waits, others do not", async () => {
  const pace = new Pace();
  const limit = { burst: 5, everyMs: 1 };
  pace.hold("a", 60);
  const start = performance.now();
  const held = pace.turn("a", limit).then(() => "a");
  assertEquals(await Promise.race([held, pace.turn("b", limit).then(() => "b")]), "b");
  await held;
  assertGreaterOrEqual(performance.now() - start, 58);
});

Deno.test("a turn can be given up while waiting", async () => {
  const pace = new Pace();
  pace.hold("a", 60_000);
  const gone = new AbortController();
  const turn = pace.turn("a", { burst: 1, everyMs: 1 }, gone.signal);
  gone.abort(new Error("gone"));
  await assertRejects(() => turn, Error, "gone");
});

Deno.test("waiting ends with its signal, and waiting for work ends with the work", async () => {
  await pause(60_000, AbortSignal.timeout(10));
  await settled(Promise.reject(new Error("failed")), 60_000);
  await settled(new Promise(() => {}), 10);
});

Deno.test("a status is told when it changes, and a listener's failure stays its own", () => {
  const state = new ChannelState();
  const told: string[] = [];
  state.tell(({ state, self, error }) => {
    told.push([state, self, error].filter(Boolean).join(" "));
    throw new Error("a bad listener");
  });
  state.set({ state: "connecting" });
  state.set({ state: "connecting" });
  state.set({ state: "running", self: "@me" });
  state.set({ state: "connecting", error: "no" });
  state.set({ state: "stopped" });
  assertEquals(told, ["connecting", "running @me", "connecting @me no", "stopped @me"]);
});
