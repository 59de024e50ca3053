import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import {
  assertFresh,
  FRESH_WITHIN,
  parseTimestamp,
  protocolTime,
} from "../../../lib/signing/freshness.ts";

const NOW = new Date("2026-03-12T18:05:00Z");

Deno.test("times are written in UTC with whole seconds", () => {
  assertEquals(protocolTime(new Date("2026-03-12T18:05:00.999Z")), "2026-03-12T18:05:00Z");
});

Deno.test("what is written is read back, to the second", () => {
  const times = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(fc.property(times, (time) => {
    const read = parseTimestamp(protocolTime(time));
    assertEquals(read?.getTime(), Math.floor(time.getTime() / 1000) * 1000);
  }));
});

Deno.test("the forms that other programs write are read", () => {
  const forms = [
    "2026-03-12T18:05:00Z",
    "2026-03-12T18:05:00.0Z",
    "2026-03-12T18:05:00.000000Z",
    "2026-03-12T18:05:00.000000000Z",
    "2026-03-12T18:05:00+00:00",
    "2026-03-12T18:05:00-00:00",
    "2026-03-12T19:35:00+01:30",
    "2026-03-12T10:05:00.000-08:00",
  ];
  for (const form of forms) assertEquals([form, parseTimestamp(form)], [form, NOW]);
});

Deno.test("what is no time, or no time that everybody reads alike, is none", () => {
  const forms = [
    "",
    "now",
    "0",
    "1773338700",
    "2026-03-12",
    "2026-03-12T18:05Z",
    "2026-03-12T18:05:00",
    "2026-03-12 18:05:00Z",
    "2026-03-12t18:05:00z",
    "2026-03-12T18:05:00Z\n",
    " 2026-03-12T18:05:00Z",
    "2026-13-12T18:05:00Z",
    "2026-03-32T18:05:00Z",
    "2026-03-12T25:05:00Z",
    "2026-03-12T18:60:00Z",
    "2026-03-12T18:05:00+1:00",
    "2026-03-12T18:05:00+25:00",
    "+002026-03-12T18:05:00Z",
    "Thu, 12 Mar 2026 18:05:00 GMT",
    "２０２６-03-12T18:05:00Z",
  ];
  for (const form of forms) assertEquals([form, parseTimestamp(form)], [form, undefined]);
});

function codeAt(ageMs: number, allowOld = false): string | undefined {
  const timestamp = new Date(NOW.getTime() - ageMs).toISOString();
  try {
    assertFresh(timestamp, NOW, allowOld);
    return undefined;
  } catch (error) {
    return (error as MeshError).code;
  }
}

Deno.test("five minutes either way are fresh, a millisecond more is not", () => {
  for (const age of [0, FRESH_WITHIN, -FRESH_WITHIN]) assertEquals(codeAt(age), undefined);
  for (const age of [FRESH_WITHIN + 1, -FRESH_WITHIN - 1]) {
    assertEquals(codeAt(age), "stale_timestamp");
  }
});

Deno.test("what was carried by hand may be old, but not from the future", () => {
  assertEquals(codeAt(10 * 365 * 86_400_000, true), undefined);
  assertEquals(codeAt(-FRESH_WITHIN - 1, true), "stale_timestamp");
});

Deno.test("the refusal tells both times, so that a wrong clock is found", () => {
  const error = assertThrows(() => assertFresh("2026-03-12T17:00:00Z", NOW), MeshError);
  assertEquals(
    error.message,
    "The timestamp 2026-03-12T17:00:00Z is more than 5 minutes old; it is 2026-03-12T18:05:00Z here",
  );
  assertEquals(assertThrows(() => assertFresh("soon", NOW), MeshError).code, "malformed");
});
