import { assert, assertEquals } from "@std/assert";
import { LogFollower } from "../../../lib/log/follow_logs.ts";
import { LogFile } from "../../../lib/log/log_file.ts";
import { lastLogs, type LogFilter, readLogs } from "../../../lib/log/read_logs.ts";
import { folder, line } from "./folder.ts";

async function messages(root: string, filter: LogFilter = {}): Promise<string[]> {
  const lines = await Array.fromAsync(readLogs(root, filter));
  return lines.map(({ entry, text }) => entry?.message ?? text);
}

Deno.test("the lines of all daemons and files come in the order of their times", async () => {
  await using at = await folder();
  await at.write("serve.log.2", [line(1, "a")]);
  await at.write("serve.log.1", [line(3, "c"), "printed by a program"]);
  await at.write("serve.log", [line(6, "f")]);
  await at.write("ogp.log", [line(2, "b"), line(5, "e")]);
  await at.write("ogp.log.txt", ["not a log"]);
  await at.write("ogp-1-2.json", ["{}"]);
  assertEquals(await messages(at.root), ["a", "b", "c", "printed by a program", "e", "f"]);
  assertEquals(await messages(at.root, { daemon: "ogp" }), ["b", "e"]);
  assertEquals((await lastLogs(at.root, 2)).map(({ entry }) => entry?.message), ["e", "f"]);
});

Deno.test("only what is asked for comes", async () => {
  await using at = await folder();
  const since = Date.UTC(2026, 0, 1) + 2_000;
  await at.write("serve.log", [
    line(1, "early", { level: "error" }),
    line(2, "info", { correlation: "abc123" }),
    line(3, "warned", { level: "warning", correlation: "abd" }),
    "printed",
  ]);
  assertEquals(await messages(at.root, { since }), ["info", "warned", "printed"]);
  assertEquals(await messages(at.root, { level: "warning" }), ["early", "warned", "printed"]);
  assertEquals(await messages(at.root, { correlation: "abc" }), ["info"]);
  assertEquals(await messages(at.root, { daemon: "nobody" }), []);
});

Deno.test("half a line at the end, huge lines and bytes that are no text do no harm", async () => {
  await using at = await folder();
  await at.write("serve.log", [line(1, "a"), "x".repeat(1_000_000), line(2, "b")]);
  await Deno.writeFile(at.log("serve"), Uint8Array.of(255, 254, 10), { append: true });
  await Deno.writeTextFile(at.log("serve"), line(3, "half").slice(0, -5), { append: true });
  const [a, huge, b, ...rest] = await messages(at.root);
  assertEquals([a, b, rest], ["a", "b", ["\ufffd\ufffd"]]);
  assert(huge!.startsWith("xxx") && huge!.length < 300_000 && huge!.endsWith("…"));
  await Deno.writeTextFile(at.log("ogp"), `${line(4, "whole")}`);
  assertEquals((await messages(at.root)).at(-1), "whole");
});

Deno.test("a folder that is not there, a pipe and a file that may not be read are no failure", async () => {
  await using at = await folder();
  assertEquals(await messages(`${at.root}/nothing`), []);
  await Deno.mkdir(at.log("folder"));
  await at.write("serve.log", [line(1, "a")]);
  assertEquals(await messages(at.root), ["a"]);
});

Deno.test("what is new is told once, over files that are set aside, emptied and removed", async () => {
  await using at = await folder();
  let now = 0;
  using log = new LogFile(at.log("serve"), { maxBytes: 1_000, keep: 9, clock: () => now });
  log.write(line(0, "before"));
  using follower = new LogFollower(at.root);
  await follower.start();
  const look = async () => (await follower.look()).map(({ entry, text }) => entry?.message ?? text);
  assertEquals(await look(), []);
  log.write(line(1, "one"));
  assertEquals(await look(), ["one"]);
  assertEquals(await look(), []);
  // Set aside several times between two looks.
  const many = Array.from({ length: 60 }, (_, i) => `message ${i}`);
  for (const [i, message] of many.entries()) log.write(line(2 + i, message));
  assertEquals(await look(), many);
  await Deno.writeTextFile(at.log("ogp"), `${line(100, "another daemon")}\n`);
  assertEquals(await look(), ["another daemon"]);
  await Deno.truncate(at.log("serve"));
  assertEquals(await look(), []);
  log.write(line(101, "after it was emptied"));
  assertEquals(await look(), ["after it was emptied"]);
  await Deno.remove(at.log("serve"));
  assertEquals(await look(), []);
  now += 1_000;
  log.write(line(102, "after it was removed"));
  assertEquals(await look(), ["after it was removed"]);
});

Deno.test("while several write and set the file aside, each line is told once and none is missed", async () => {
  await using at = await folder();
  const options = { maxBytes: 1_500, keep: 99 };
  using one = new LogFile(at.log("serve"), options);
  using two = new LogFile(at.log("serve"), options);
  one.write(line(0, "before"));
  using follower = new LogFollower(at.root);
  await follower.start();
  let over = false;
  const writing = (async () => {
    for (let i = 0; i < 300; i++) {
      one.write(line(i, `one ${i}`));
      if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      two.write(line(i, `two ${i}`));
    }
    over = true;
  })();
  const seen: string[] = [];
  while (!over || seen.length < 600) {
    const lines = await follower.look();
    seen.push(...lines.map(({ entry }) => entry!.message));
    if (over && lines.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await writing;
  const wanted = Array.from({ length: 300 }, (_, i) => [`one ${i}`, `two ${i}`]).flat();
  assertEquals(seen.toSorted(), wanted.toSorted());
  // And whoever reads the past meanwhile sees all of it, too.
  assertEquals((await messages(at.root)).toSorted(), ["before", ...wanted].toSorted());
});

Deno.test("a line is told when it is whole", async () => {
  await using at = await folder();
  using follower = new LogFollower(at.root);
  await follower.start();
  const text = line(1, "hello");
  await Deno.writeTextFile(at.log("serve"), text.slice(0, 20));
  assertEquals(await follower.look(), []);
  await Deno.writeTextFile(at.log("serve"), `${text.slice(20)}\n`, { append: true });
  assertEquals((await follower.look()).map(({ entry }) => entry?.message), ["hello"]);
});

Deno.test("following ends when it is told to", async () => {
  await using at = await folder();
  using follower = new LogFollower(at.root, { level: "error" });
  await follower.start();
  const stop = new AbortController();
  await at.write("serve.log", [line(1, "small"), line(2, "large", { level: "error" })]);
  const seen: string[] = [];
  for await (const { entry } of follower.lines(stop.signal)) {
    seen.push(entry!.message);
    stop.abort();
  }
  assertEquals(seen, ["large"]);
});
