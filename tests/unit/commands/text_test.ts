import { assertEquals } from "@std/assert";
import { agentName, ago, localTime, short } from "../../../commands/text.ts";

const NOW = new Date("2026-01-01T12:00:00Z");

Deno.test("an age is said in the unit that people would take", () => {
  const second = 1;
  const minute = 60 * second;
  const hour = 60 * minute;
  const day = 24 * hour;
  const ages: [seconds: number, said: string][] = [
    [0, "just now"],
    [0.9, "just now"],
    [1, "1 s ago"],
    [89, "89 s ago"],
    [90, "2 min ago"],
    [89 * minute, "89 min ago"],
    [90 * minute, "2 h ago"],
    [35 * hour, "35 h ago"],
    [36 * hour, "2 days ago"],
    [400 * day, "400 days ago"],
    [-5, "in 5 s"],
    [-300, "in 5 min"],
    [-24 * hour, "in 24 h"],
    [-3 * day, "in 3 days"],
  ];
  for (const [seconds, said] of ages) {
    assertEquals([seconds, ago(new Date(NOW.getTime() - seconds * 1000), NOW)], [seconds, said]);
  }
  assertEquals(ago(new Date("no date"), NOW), "unknown");
});

Deno.test("a time is said as the clock here shows it", () => {
  assertEquals(localTime(new Date(2026, 0, 2, 3, 4, 59)), "2026-01-02 03:04");
  assertEquals(localTime(new Date(2026, 11, 31, 23, 59)), "2026-12-31 23:59");
});

Deno.test("an agent is its name and its id, said once if they are the same", () => {
  assertEquals(agentName({ agent_id: "a1", display_name: "Ann" }), "Ann (a1)");
  for (const display_name of ["a1", "", null, undefined]) {
    const agent = display_name === undefined ? {} : { display_name };
    assertEquals(agentName({ agent_id: "a1", ...agent }), "a1");
  }
});

Deno.test("a fingerprint for a table is its first digits, in groups", () => {
  assertEquals(short(`sha256:${"0123456789abcdef".repeat(4)}`), "0123 4567 89ab cdef");
  assertEquals(short("no fingerprint"), "?");
});
