import { assert, assertEquals } from "@std/assert";
import { parseEntry, previewOf, printEntry } from "../../../../lib/ogp/activity/activity_entry.ts";
import { activityFiles, activityPath } from "../../../../lib/ogp/activity/activity_files.ts";
import { sweepActivity } from "../../../../lib/ogp/activity/log_activity.ts";
import { readActivity } from "../../../../lib/ogp/activity/read_activity.ts";
import { testLog } from "./logs.ts";

const DAY = 24 * 3_600_000;

async function noncesOf(...args: Parameters<typeof readActivity>): Promise<(string | undefined)[]> {
  return (await readActivity(...args)).entries.map(({ nonce }) => nonce);
}

Deno.test("an entry says who, what about, how, and what became of it, and not what was written", async () => {
  await using here = await testLog();
  const { state, log } = here;
  assertEquals(await log("n-1", { text: "How do you persist context?", priority: "high" }), true);
  assertEquals(
    await Deno.readTextFile(activityPath(state.root, "2026-03-12")),
    '{"at":"2026-03-12T18:05:00.000Z","direction":"in","publicKey":"302a","name":"Stan",' +
      '"topic":"testing","level":"full","outcome":"accepted","nonce":"n-1","priority":"high"}\n',
  );
  await log("n-2", { text: "How do you\npersist context?", priority: "normal" }, {
    logging: "preview",
  });
  assertEquals(await log("n-3", { text: "secret" }, { logging: "off" }), false);
  const { entries } = await readActivity(state);
  assertEquals(entries.map(({ nonce, preview, priority }) => [nonce, preview, priority]), [
    ["n-1", undefined, "high"],
    ["n-2", "How do you persist context?", undefined],
  ]);
});

Deno.test("the newest are found over several days, of one peer or of all", async () => {
  await using here = await testLog();
  const { state, log, clock } = here;
  for (let day = 0; day < 4; day++) {
    await log(`${day}-stan`);
    await log(`${day}-leo`, { publicKey: "302b", name: "Leo" });
    clock.pass(DAY);
  }
  assertEquals(await noncesOf(state, { last: 3 }), ["2-leo", "3-stan", "3-leo"]);
  assertEquals(await noncesOf(state, { last: 3, publicKey: "302b" }), ["1-leo", "2-leo", "3-leo"]);
  assertEquals((await noncesOf(state)).length, 8);
  assertEquals(await noncesOf(state, { publicKey: "302c" }), []);
});

Deno.test("of a day that is too busy the newest entries are kept, and two files at most", async () => {
  await using here = await testLog();
  const { state, log } = here;
  for (let i = 0; i < 200; i++) await log(`${i}`, {}, { largest: 2000 });
  const files = await activityFiles(state.root);
  assertEquals(files.map(({ path }) => path.split("/").at(-1)), [
    "2026-03-12.old.jsonl",
    "2026-03-12.jsonl",
  ]);
  for (const { path } of files) assert((await Deno.stat(path)).size < 2400);
  const nonces = await noncesOf(state);
  assert(nonces.length >= 10);
  assertEquals(
    nonces,
    Array.from({ length: nonces.length }, (_, i) => `${200 - nonces.length + i}`),
  );
});

Deno.test("days that are long past are removed with the first entry of a new day", async () => {
  await using here = await testLog();
  const { state, log, clock } = here;
  for (const [i, days] of [60, 29, 1, 1].entries()) {
    await log(`${i}`);
    clock.pass(days * DAY);
  }
  await log("today");
  assertEquals(await noncesOf(state), ["1", "2", "3", "today"]);
  assertEquals(await sweepActivity(state.root, clock.now(), 1), 2);
  assertEquals(await sweepActivity(state.root, clock.now(), 1), 0);
  assertEquals(await noncesOf(state), ["3", "today"]);
});

Deno.test("what is damaged is left out, and costs no entry beside it", async () => {
  await using here = await testLog();
  const { state, log } = here;
  await log("1");
  const path = activityPath(state.root, "2026-03-12");
  const whole = (await Deno.readTextFile(path)).trim();
  const lines = ["", "nonsense", "null", '{"at":"', '{"at":"never"}', "\u0000\u0000", "[1]"];
  const append = (text: string) => Deno.writeTextFile(path, text, { append: true });
  await append(lines.join("\n") + "\n" + whole.slice(0, 50));
  await log("2");
  await append(whole.replace('"in"', '"up"') + "\n" + whole.replace("accepted", "eaten") + "\n");
  await append(whole.slice(0, 60));
  assertEquals(await noncesOf(state), ["1", "2"]);
  await Deno.writeTextFile(`${state.root}/ogp/activity/notes.txt`, "mine");
  await Deno.mkdir(activityPath(state.root, "2026-03-11"));
  assertEquals(await noncesOf(state), ["1", "2"]);
});

Deno.test("a line is short whatever a peer has chosen, and cannot be taken for two", () => {
  const huge = '{"at":"\n\ud800'.repeat(100_000);
  const line = printEntry({
    at: "2026-03-12T18:05:00.000Z",
    direction: "in",
    publicKey: "302a",
    name: huge,
    topic: huge,
    level: huge,
    outcome: "accepted",
    nonce: huge,
    priority: huge,
    preview: huge,
  });
  assert(line.length < 20_000);
  assertEquals(line.indexOf("\n"), line.length - 1);
  const entry = parseEntry(line.trim());
  assertEquals([entry?.name.length, entry?.preview?.length], [200, 100]);
  assertEquals(entry?.at, "2026-03-12T18:05:00.000Z");
});

Deno.test("a preview is one line of at most a hundred characters", () => {
  assertEquals(previewOf("  a\n\tb  "), "a b");
  assertEquals(previewOf("x".repeat(100)), "x".repeat(100));
  assertEquals(previewOf("x".repeat(101)), "x".repeat(99) + "…");
  assertEquals(previewOf("😀".repeat(1_000_000)).length, 100);
  assert(previewOf("😀".repeat(200)).isWellFormed());
});

Deno.test("no message fails because of the log", async () => {
  await using here = await testLog();
  const { state, log } = here;
  assertEquals(await readActivity(state), { entries: [], ends: new Map() });
  await Deno.mkdir(`${state.root}/ogp`);
  await Deno.writeTextFile(`${state.root}/ogp/activity`, "in the way");
  assertEquals(await log("1"), false);
  assertEquals(await readActivity(state), { entries: [], ends: new Map() });
});

Deno.test("lines of several processes do not mix, and a full file is set aside once", async () => {
  await using here = await testLog();
  const { state } = here;
  const program = new URL("./logging_process.ts", import.meta.url).pathname;
  const names = ["p", "q", "r"];
  const run = async (largest: string) =>
    await Promise.all(names.map((name) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--quiet", program, state.root, name, "300", largest],
        stdin: "null",
      }).output()
    ));
  assertEquals((await run("10000000")).map(({ code }) => code), [0, 0, 0]);
  const { entries } = await readActivity(state);
  for (const one of names) {
    const nonces = entries.filter(({ name }) => name === one).map(({ nonce }) => nonce);
    assertEquals(nonces, Array.from({ length: 300 }, (_, i) => `${i}`));
  }
  assertEquals((await run("90000")).map(({ code }) => code), [0, 0, 0]);
  const files = await activityFiles(state.root);
  assertEquals(files.length, 2);
  for (const { path } of files) {
    const text = await Deno.readTextFile(path);
    assert(text.trim().split("\n").every((line) => parseEntry(line) !== undefined));
  }
  // The newest entry of each is there.
  const kept = (await readActivity(state)).entries;
  for (const one of names) {
    assertEquals(kept.findLast(({ name }) => name === one)?.nonce, "299");
  }
});
