import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { takeOver } from "../../../lib/doctor/access.ts";
import { disk, roomVerdict } from "../../../lib/doctor/disk.ts";
import { openDoctor } from "../../../lib/doctor/context.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import { MeshError } from "../../../lib/error.ts";
import { only, TempNode } from "./nodes.ts";

Deno.test("the free space is told, and nothing is left of the trial", async () => {
  await using node = await TempNode.named("stan");
  const names = () => Array.fromAsync(Deno.readDir(node.root), ({ name }) => name);
  const before = (await names()).sort();
  const found = only(await node.run(disk));
  assertMatch(found.message, /^(Only )?\d[\d.]* [kMGTP]?B are free/);
  assertEquals((await names()).sort(), before);
});

Deno.test("the disk of a folder that is still to be made is measured, and nothing made", async () => {
  await using node = await TempNode.empty();
  const root = `${node.root}/not/there`;
  const found = only(await runChecks([disk], openDoctor(root)));
  assertStringIncludes(found.message, "are free");
  assertEquals(await Array.fromAsync(Deno.readDir(node.root)), []);
});

Deno.test("little room is a warning, and hardly any a failure", () => {
  const level = (bytes: number, files?: number) =>
    roomVerdict("/state", { bytes, ...(files === undefined ? {} : { files }) }).level;
  assertEquals([level(200_000_000), level(199_999_999)], ["ok", "warning"]);
  assertEquals([level(20_000_000), level(19_999_999)], ["warning", "failure"]);
  assertEquals([level(1e12, 1_000), level(1e12, 999)], ["ok", "failure"]);
  assertEquals(roomVerdict("/my state", { bytes: 0 }).fix, "df -h '/my state'");
});

Deno.test("a disk that takes nothing is a failure beside what is free", async () => {
  await using node = await TempNode.named("stan");
  const failing = async (error: MeshError) => {
    const context = node.context();
    const store = { ...context.state.store, writeFile: () => Promise.reject(error) };
    const found = await runChecks([disk], { ...context, state: { ...context.state, store } });
    assertEquals(found.length, 2);
    return found[1]!;
  };
  const full = await failing(new MeshError("disk_full", "Cannot write", { hint: "make room" }));
  assertEquals([full.level, full.fix], ["failure", "make room"]);
  const cause = Object.assign(new Error("Permission denied"), { code: "EACCES" });
  const foreign = await failing(new MeshError("io", "Cannot write", { cause, hint: "own it" }));
  assertEquals(foreign.fix, takeOver(node.root));
});
