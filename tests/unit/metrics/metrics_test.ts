import { assert, assertEquals, assertThrows } from "@std/assert";
import { Metrics } from "../../../lib/metrics/metrics.ts";
import { Counter, Gauge, Histogram } from "../../../lib/metrics/series.ts";
import { measured } from "../../../lib/metrics/step.ts";
import { textFormat } from "../../../lib/metrics/text_format.ts";
import { parseMetrics } from "./text_parser.ts";

Deno.test("an independent parser reads what was counted and measured", async () => {
  const counter = new Counter("a_total", "Counts\nwith \\ in it.");
  counter.add({ path: 'say "hi"\\\n' });
  counter.add({ path: 'say "hi"\\\n' }, 2);
  counter.declare({ path: "never" });
  const gauge = new Gauge("b", "Measures.", () => [[{}, 0.5], [{ x: "y" }, Infinity], [
    { x: "z" },
    NaN,
  ]]);
  const histogram = new Histogram("c_seconds", "Takes.", [0.001, 1]);
  for (const value of [0, 0.001, 0.5, 7]) histogram.observe({ of: "me" }, value);
  const families = parseMetrics(await textFormat([counter, gauge, histogram]));
  assertEquals(families.get("a_total"), {
    type: "counter",
    help: "Counts\\nwith \\\\ in it.",
    samples: [
      { name: "a_total", labels: { path: 'say "hi"\\\n' }, value: 3 },
      { name: "a_total", labels: { path: "never" }, value: 0 },
    ],
  });
  assertEquals(families.get("b")?.samples.map(({ value }) => value), [0.5, Infinity, NaN]);
  assertEquals(
    families.get("c_seconds")?.samples.map(({ name, labels, value }) => [name, labels.le, value]),
    [
      ["c_seconds_bucket", "0.001", 2],
      ["c_seconds_bucket", "1", 3],
      ["c_seconds_bucket", "+Inf", 4],
      ["c_seconds_sum", undefined, 7.501],
      ["c_seconds_count", undefined, 4],
    ],
  );
});

Deno.test("a number that cannot be looked up is left out, and the rest is told", async () => {
  const metrics = new Metrics({ version: "1.2.3" });
  metrics.gauge("broken", "Fails.", () => {
    throw new Error("no");
  });
  const families = parseMetrics(await metrics.text());
  assert(!families.has("broken"));
  const info = families.get("mesh_build_info")?.samples[0];
  assertEquals([info?.labels.version, info?.labels.deno, info?.value], [
    "1.2.3",
    Deno.version.deno,
    1,
  ]);
  const again = parseMetrics(await metrics.text());
  assertEquals(again.get("mesh_faults_total")?.samples[0]?.value, 1);
});

Deno.test("uptime and memory are told", async () => {
  let now = new Date("2026-01-01T00:00:00Z");
  const metrics = new Metrics({ version: "1", now: () => now });
  now = new Date("2026-01-01T00:01:00Z");
  const families = parseMetrics(await metrics.text());
  const value = (name: string) => families.get(name)?.samples[0]?.value ?? NaN;
  assertEquals(value("mesh_uptime_seconds"), 60);
  assertEquals(value("process_start_time_seconds"), Date.UTC(2026, 0, 1) / 1000);
  assert(value("process_resident_memory_bytes") > 1e6);
});

Deno.test("a step is measured whether it works, fails or takes its time", async () => {
  const told: string[] = [];
  const onStep = (step: string, ms: number) => {
    assert(ms >= 0);
    told.push(step);
  };
  assertEquals(measured(onStep, "verify", () => 1), 1);
  assertThrows(
    () =>
      measured(onStep, "verify", () => {
        throw new Error("no");
      }),
    Error,
    "no",
  );
  assertEquals(await measured(onStep, "store", () => Promise.resolve(2)), 2);
  assertEquals(measured(undefined, "store", () => 3), 3);
  assertEquals(told, ["verify", "verify", "store"]);
});
