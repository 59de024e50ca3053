import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createMessage, receiveMessage } from "../../lib/mesh/messages.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { pause } from "./eventually.ts";
import { TestNode, trust } from "./node.ts";

Deno.test("messages are listed by sender, by time, and the newest so many", async () => {
  await using bob = await TestNode.named("bob");
  await using ann = await TestNode.named("ann");
  await using cat = await TestNode.named("cat");
  for (const friend of [ann, cat]) await trust(bob, friend);
  const ids = [];
  for (let i = 0; i < 24; i++) ids.push(await deliver(i % 2 ? cat : ann, bob, `message ${i}`));
  // The first ten came three days ago.
  const now = Date.now();
  const threeDays = 3 * 24 * 3_600_000;
  for (const [i, id] of ids.entries()) {
    // A second apart: a file's time has the grain of a tick, in which several may come.
    await setTime(bob, id, new Date(now - (i < 10 ? threeDays : 0) + (i - 24) * 1000));
  }

  const newest = await bob.run(["list-messages"]);
  assertEquals(texts(newest.stdout), numbers(4, 24));
  assertStringIncludes(newest.stderr, "The newest 20 are shown; --limit shows more.");
  const two = await bob.run(["list-messages", "-n", "2"]);
  assertEquals(texts(two.stdout), numbers(22, 24));
  assertEquals(two.stderr, "");
  const all = await bob.run(["list-messages", "--limit", "100"]);
  assertEquals(texts(all.stdout), numbers(0, 24));
  const fromAnn = await bob.run(["list-messages", "--from", "ann", "--limit", "3"]);
  assertEquals(texts(fromAnn.stdout), [18, 20, 22]);
  assertEquals((await bob.json(["list-messages", "--from", "Cat"])).length, 12);
  const today = await bob.json(["list-messages", "--since", "1d"]);
  assertEquals(today.length, 14);
  const exact = new Date(now - threeDays + (8 - 24) * 1000).toISOString();
  assertEquals((await bob.json(["list-messages", "--since", exact])).length, 16);
  assertEquals((await bob.json(["list-messages"])).length, 24);
  assertEquals(await bob.json(["list-messages", "--from", "nobody"]), []);
  assertStringIncludes((await bob.run(["list-messages", "--from", "eve"])).stdout, "No messages.");
});

Deno.test("--follow prints what is there and then what comes, and Ctrl-C ends it", async () => {
  await using bob = await TestNode.named("bob");
  await using ann = await TestNode.named("ann");
  await trust(bob, ann);
  await deliver(ann, bob, "there before");
  await using run = bob.start(["list-messages", "--follow"]);
  await run.until("the old message", () => run.stdout.includes("there before") || undefined);
  await deliver(ann, bob, "first");
  await run.until("the new message", () => run.stdout.includes("first") || undefined, 1_000);
  await pause(300);
  await deliver(ann, bob, "second");
  await run.until("the newer message", () => run.stdout.includes("second") || undefined, 3_000);
  run.kill("SIGINT");
  const { code, stdout, stderr } = await run.end(2_000);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.match(/^ {2}.*$/gm), ["  there before", "  first", "  second"]);
});

Deno.test("--follow --json prints a document a line, each message once, none left out", async () => {
  await using bob = await TestNode.named("bob");
  await using ann = await TestNode.named("ann");
  await using cat = await TestNode.named("cat");
  for (const friend of [ann, cat]) await trust(bob, friend);
  const follow = ["list-messages", "-f", "--json", "--from", "ann", "--limit", "100"];
  await using run = bob.start(follow);
  const ids: string[] = [];
  const lines = () => run.stdout.split("\n").slice(0, -1);
  // A message that comes while it starts is printed as well.
  for (let i = 0; i < 60; i++) {
    const [mine] = await Promise.all([
      deliver(ann, bob, `message ${i}`),
      deliver(cat, bob, "for somebody else"),
    ]);
    ids.push(mine);
    if (i % 10 === 0) await pause(20);
  }
  await run.until("all of them", () => lines().length >= ids.length || undefined, 12_000);
  await pause(100);
  const printed = lines().map((line) => JSON.parse(line).message_id);
  assertEquals([...printed].sort(), [...ids].sort());
  run.kill("SIGTERM");
  assertEquals((await run.end(2_000)).code, 0);
});

Deno.test("a message that overtakes another one on its way to the disk hides it not", async () => {
  await using bob = await TestNode.named("bob");
  await using ann = await TestNode.named("ann");
  await trust(bob, ann);
  await using run = bob.start(["list-messages", "--follow"]);
  const [first, second] = [await deliver(ann, bob, "slow"), await deliver(ann, bob, "quick")];
  await run.until("both", () => /slow[^]*quick/.test(run.stdout) || undefined);
  // The next one was begun before the last one, and is in place after it.
  const third = await deliver(ann, bob, "overtaken", async (path) => {
    await Deno.utime(path, new Date(), new Date(Date.now() - 2_000));
  });
  await run.until("the overtaken one", () => run.stdout.includes("overtaken") || undefined, 3_000);
  assertEquals(run.stdout.match(/msg_[0-9a-f]{32}/g), [first, second, third]);
});

Deno.test("--follow ends when nobody reads it any more", async () => {
  await using bob = await TestNode.named("bob");
  await using ann = await TestNode.named("ann");
  await trust(bob, ann);
  await deliver(ann, bob, "there before");
  // `head` goes away after the first line.
  const shell = (command: readonly string[]) => {
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    return ["sh", "-c", `${quoted} | head -n 1; echo "the pipe is over"`];
  };
  await using run = bob.start(["list-messages", "--follow"], { wrap: shell });
  await run.until("a line", () => run.stdout.includes("\n") || undefined);
  await deliver(ann, bob, "one");
  await deliver(ann, bob, "two");
  const { stdout } = await run.end(5_000);
  assertMatch(stdout, /^.+ Ann \(ann\) .+\nthe pipe is over\n$/);
});

/** Takes a message in as the daemon would, or puts it in place when it is ready. */
async function deliver(
  from: TestNode,
  to: TestNode,
  text: string,
  beforehand?: (path: string) => Promise<void>,
): Promise<string> {
  const message = createMessage(await from.open(), to.id, text);
  const id = String(message.get("message_id"));
  if (beforehand) {
    const path = await to.file("staged", printJson(message));
    await beforehand(path);
    await Deno.rename(path, `${to.state}/messages/incoming/${id}@0000000000000000.json`);
  } else {
    await receiveMessage(await to.open(), new TextEncoder().encode(printJson(message)));
  }
  return id;
}

async function setTime(node: TestNode, id: string, time: Date): Promise<void> {
  const folder = `${node.state}/messages/incoming`;
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith(id)) await Deno.utime(`${folder}/${name}`, time, time);
  }
}

function texts(stdout: string): number[] {
  const found = stdout.match(/^ {2}message \d+$/gm) ?? [];
  assert(found.length > 0, stdout);
  return found.map((line) => Number(line.slice(10)));
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
