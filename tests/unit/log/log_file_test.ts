import { assert, assertEquals } from "@std/assert";
import { LogFile } from "../../../lib/log/log_file.ts";
import { folder } from "./folder.ts";

async function names(root: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(`${root}/run`), ({ name }) => name)).sort();
}

async function linesIn(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).split("\n").slice(0, -1);
}

/** Before anything else can happen. */
function textNow(path: string): string {
  return Deno.readTextFileSync(path);
}

Deno.test("a log is readable by its owner alone, also one that others could read", async () => {
  await using at = await folder();
  const path = at.log("serve");
  await Deno.writeTextFile(path, "old\n", { mode: 0o644 });
  using log = new LogFile(path);
  log.write("new");
  assertEquals(await linesIn(path), ["old", "new"]);
  if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
});

Deno.test("a link in the log's place is not followed", async () => {
  if (Deno.build.os === "windows") return;
  await using at = await folder();
  const target = `${at.root}/elsewhere`;
  await Deno.writeTextFile(target, "not ours\n", { mode: 0o644 });
  await Deno.symlink(target, at.log("serve"));
  using log = new LogFile(at.log("serve"));
  log.write("new");
  assertEquals([await linesIn(target), log.dropped], [["not ours"], 1]);
  assertEquals((await Deno.stat(target)).mode! & 0o777, 0o644);
});

Deno.test("the folder is made if need be", async () => {
  await using at = await folder();
  await Deno.remove(`${at.root}/run`);
  using log = new LogFile(at.log("serve"));
  log.write("hello");
  assertEquals(await linesIn(at.log("serve")), ["hello"]);
});

Deno.test("a file that has grown is set aside, and only so many are kept", async () => {
  await using at = await folder();
  using log = new LogFile(at.log("serve"), { maxBytes: 100, keep: 2 });
  for (let i = 0; i < 100; i++) log.write(`line ${i}`.padEnd(20, "."));
  assertEquals(await names(at.root), ["serve.log", "serve.log.1", "serve.log.2"]);
  const kept = (await Promise.all(
    ["serve.log.2", "serve.log.1", "serve.log"].map((name) => linesIn(`${at.root}/run/${name}`)),
  )).flat();
  // The last ones, without a gap.
  const numbers = kept.map((text) => Number(/\d+/.exec(text)?.[0]));
  assertEquals(numbers.at(-1), 99);
  assertEquals(numbers, numbers.map((_, i) => 100 - numbers.length + i));
  assertEquals(log.dropped, 0);
});

Deno.test("several that write to one file lose nothing when it is set aside", async () => {
  await using at = await folder();
  const options = { maxBytes: 2_000, keep: 99 };
  using one = new LogFile(at.log("serve"), options);
  using two = new LogFile(at.log("serve"), options);
  for (let i = 0; i < 500; i++) {
    one.write(`one ${i}`.padEnd(30, "."));
    two.write(`two ${i}`.padEnd(30, "."));
  }
  const all =
    (await Promise.all((await names(at.root)).map((name) => linesIn(`${at.root}/run/${name}`))))
      .flat();
  assertEquals(all.length, 1000);
  assertEquals(new Set(all).size, 1000);
  assert((await names(at.root)).length > 5);
});

Deno.test("a file that somebody removed is made again", async () => {
  await using at = await folder();
  let now = 0;
  using log = new LogFile(at.log("serve"), { clock: () => now });
  log.write("before");
  await Deno.remove(at.log("serve"));
  now += 1_000;
  log.write("after");
  assertEquals(await linesIn(at.log("serve")), ["after"]);
});

Deno.test("a line goes on its own line after one that was torn off", async () => {
  await using at = await folder();
  await Deno.writeTextFile(at.log("serve"), '{"time":"2026-');
  using log = new LogFile(at.log("serve"));
  log.write("whole");
  assertEquals(await linesIn(at.log("serve")), ['{"time":"2026-', "whole"]);
});

Deno.test({
  name: "a full disk loses lines and nothing else, and they are counted when there is room again",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using at = await folder();
    let now = 0;
    // Every write to this device fails as on a full disk.
    await Deno.symlink("/dev/full", at.log("serve"));
    using log = new LogFile(at.log("serve"), {
      clock: () => now,
      lost: (lines) => `${lines} lost`,
    });
    log.write("one");
    log.write("two");
    assertEquals(log.dropped, 2);
    await Deno.remove(at.log("serve"));
    now += 1_000;
    log.write("three");
    log.write("four");
    assertEquals(await linesIn(at.log("serve")), ["2 lost", "three", "four"]);
    assertEquals(log.dropped, 2);
  },
});

Deno.test("where nothing can be written at all, nothing fails", async () => {
  await using at = await folder();
  await Deno.mkdir(at.log("serve"));
  using log = new LogFile(at.log("serve"));
  for (let i = 0; i < 10; i++) log.write("x");
  assertEquals(log.dropped, 10);
});

Deno.test("a line alone is written at once, many together, in their order and soon", async () => {
  await using at = await folder();
  using log = new LogFile(at.log("serve"), { clock: () => 0 });
  log.writeSoon("one");
  assertEquals(await linesIn(at.log("serve")), ["one"]);
  log.writeSoon("two");
  log.writeSoon("three");
  assertEquals(textNow(at.log("serve")), "one\n");
  let lines: string[] = [];
  while (lines.length < 2) lines = await linesIn(at.log("serve"));
  assertEquals(lines, ["one", "two", "three"]);
  log.writeSoon("four");
  log.write("five");
  assertEquals((await linesIn(at.log("serve"))).slice(3), ["four", "five"]);
  log.writeSoon("six");
  log[Symbol.dispose]();
  assertEquals((await linesIn(at.log("serve"))).at(-1), "six");
});

Deno.test("much does not wait", async () => {
  await using at = await folder();
  using log = new LogFile(at.log("serve"));
  for (let i = 0; i < 70; i++) log.writeSoon("x".repeat(1_000));
  assert((await linesIn(at.log("serve"))).length > 60);
});

for (
  const [how, end] of [
    ["leaves", "Deno.exit(0);"],
    ["fails", 'setTimeout(() => { throw new Error("no"); });'],
    ["fails in a promise", 'setTimeout(() => Promise.reject(new Error("no")));'],
  ] as const
) {
  Deno.test(`a process that ${how} has written what it logged`, async () => {
    await using at = await folder();
    const module = new URL("../../../lib/log/log_file.ts", import.meta.url).href;
    const program = `import { LogFile } from ${JSON.stringify(module)};
      const log = new LogFile(${JSON.stringify(at.log("serve"))}, { clock: () => 0 });
      log.writeSoon("the first words");
      log.writeSoon("the last words");
      ${end}`;
    const url = `data:application/typescript,${encodeURIComponent(program)}`;
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "-A", url],
      stdout: "null",
      stderr: "null",
    }).output();
    assertEquals(await linesIn(at.log("serve")), ["the first words", "the last words"]);
  });
}
