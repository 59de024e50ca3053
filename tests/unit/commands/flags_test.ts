import { assertEquals, assertThrows } from "@std/assert";
import {
  parseCount,
  parseDuration,
  parsePort,
  parsePorts,
  parseSince,
} from "../../../commands/flags.ts";
import { MeshError } from "../../../lib/error.ts";

/** Each input must be refused as a mistake of the one who typed it. */
function refuses(parse: (input: string) => unknown, inputs: readonly string[]): void {
  for (const input of inputs) {
    const { code, message } = assertThrows(() => parse(input), MeshError);
    assertEquals([input, code], [input, "usage"], message);
  }
}

Deno.test("a span of time is a number with a unit, or milliseconds", () => {
  const spans: [input: string, ms: number][] = [
    ["1", 1],
    ["500ms", 500],
    ["2s", 2_000],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["168h", 604_800_000],
  ];
  for (const [input, ms] of spans) assertEquals([input, parseDuration(input)], [input, ms]);
  const nonsense = ["", "s", "0", "0s", "0.1ms", "-1s", "1 s", "1d", "1e3", "169h", "1s2", "٣s"];
  refuses(parseDuration, nonsense);
});

Deno.test("a count is a whole number of at least 1", () => {
  assertEquals([parseCount("1"), parseCount("007"), parseCount("999999999")], [1, 7, 999_999_999]);
  refuses(parseCount, ["", "0", "-1", "1.5", "1e3", "ten", "1000000000", " 1"]);
});

Deno.test("a port is 0 to 65535", () => {
  assertEquals([parsePort("0"), parsePort("8787"), parsePort("65535")], [0, 8787, 65_535]);
  refuses(parsePort, ["", "-1", "65536", "80a", "8787,8790", "0x50", "123456"]);
});

Deno.test("ports are separated by commas, and each counts once", () => {
  assertEquals(parsePorts("8787"), [8787]);
  assertEquals(parsePorts("8790, 8787,8790"), [8790, 8787]);
  refuses(parsePorts, ["", ",", "8787,", "0", "8787,0", "8787;8790"]);
});

Deno.test("a point in time is a span before now, a date, or a time", () => {
  const now = new Date("2026-03-10T12:00:00Z");
  const times: [input: string, time: string][] = [
    ["10m", "2026-03-10T11:50:00.000Z"],
    ["2h", "2026-03-10T10:00:00.000Z"],
    ["1.5h", "2026-03-10T10:30:00.000Z"],
    ["3d", "2026-03-07T12:00:00.000Z"],
    ["365d", "2025-03-10T12:00:00.000Z"],
    ["2026-03-01", "2026-03-01T00:00:00.000Z"],
    ["2026-03-01T18:00:00Z", "2026-03-01T18:00:00.000Z"],
    ["2026-03-01T18:00:00+02:00", "2026-03-01T16:00:00.000Z"],
  ];
  for (const [input, time] of times) {
    assertEquals([input, parseSince(input, now).toISOString()], [input, time]);
  }
  refuses(parseSince, ["", "10", "yesterday", "2026", "2026-13-01", "2026-01-01Tnoon", "d", "-2h"]);
});
