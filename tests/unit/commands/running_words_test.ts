import { assertEquals } from "@std/assert";
import { surfaceName, surfacesOf } from "../../../commands/running_words.ts";

function running(name: string, pid: number, port: number) {
  return { name, pid, port, host: "127.0.0.1", started_at: "2026-11-21T12:00:00.000Z" };
}

Deno.test("a process of mesh up counts as its admin surface, and as nothing without one", () => {
  const serve = running("serve", 7, 8787);
  const names = (port: number) =>
    surfacesOf([serve, running("up", 7, port)]).map(({ name, port }) => [surfaceName(name), port]);
  assertEquals(names(8788), [["Agent Mesh V1", 8787], ["admin", 8788]]);
  assertEquals(names(0), [["Agent Mesh V1", 8787]]);
});

Deno.test("what is no surface keeps its name", () => {
  assertEquals(surfaceName("expose"), "expose");
});
