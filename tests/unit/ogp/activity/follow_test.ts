import { assertEquals } from "@std/assert";
import type { ActivityEntry } from "../../../../lib/ogp/activity/activity_entry.ts";
import { activityPath } from "../../../../lib/ogp/activity/activity_files.ts";
import { followActivity } from "../../../../lib/ogp/activity/follow_activity.ts";
import type { ActivityFilter } from "../../../../lib/ogp/activity/read_activity.ts";
import { type TestLog, testLog } from "./logs.ts";

const DAY = 24 * 3_600_000;

interface Following extends AsyncDisposable {
  /** The nonces of the next entries. */
  next(count: number): Promise<(string | undefined)[]>;
}

function following({ state }: TestLog, filter: ActivityFilter = {}): Following {
  const end = new AbortController();
  const entries = followActivity(state, filter, { signal: end.signal, pauseMs: 5 });
  return {
    async next(count) {
      const nonces: (string | undefined)[] = [];
      while (nonces.length < count) {
        const { value, done } = await entries.next() as IteratorResult<ActivityEntry, void>;
        if (done) break;
        nonces.push(value?.nonce);
      }
      return nonces;
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      assertEquals((await entries.next()).done, true);
    },
  };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${from + i}`);

Deno.test("what is there comes first, then what is new, each once", async () => {
  await using here = await testLog();
  const { log } = here;
  for (const nonce of ["1", "2", "3"]) await log(nonce);
  await using followed = following(here, { last: 2 });
  assertEquals(await followed.next(2), ["2", "3"]);
  await log("4");
  assertEquals(await followed.next(1), ["4"]);
  await log("5");
  await log("6");
  assertEquals(await followed.next(2), ["5", "6"]);
});

Deno.test("a log that is not there yet is waited for, over midnight and for one peer", async () => {
  await using here = await testLog();
  const { log, clock } = here;
  await using followed = following(here, { publicKey: "302a" });
  const first = followed.next(1);
  await log("1");
  assertEquals(await first, ["1"]);
  const next = followed.next(2);
  await log("2", { publicKey: "302b" });
  await log("3");
  clock.pass(DAY);
  await log("4");
  assertEquals(await next, ["3", "4"]);
});

Deno.test("files that are set aside meanwhile neither hide nor repeat an entry", async () => {
  await using here = await testLog();
  const { log } = here;
  await using followed = following(here);
  const options = { largest: 2000 };
  await log("0", {}, options);
  assertEquals(await followed.next(1), ["0"]);
  const all: (string | undefined)[] = [];
  for (let i = 1; i < 100; i += 5) {
    for (const nonce of numbered(i, i + 5)) await log(nonce, {}, options);
    all.push(...await followed.next(5));
  }
  assertEquals(all, numbered(1, 101));
});

Deno.test("a line that is being written is waited for", async () => {
  await using here = await testLog();
  const { log, state } = here;
  await log("1");
  const path = activityPath(state.root, "2026-03-12");
  const line = (await Deno.readTextFile(path)).replace('"nonce":"1"', '"nonce":"2"');
  await using followed = following(here);
  assertEquals(await followed.next(1), ["1"]);
  await Deno.writeTextFile(path, line.slice(0, 30), { append: true });
  const next = followed.next(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await Deno.writeTextFile(path, line.slice(30), { append: true });
  assertEquals(await next, ["2"]);
});

Deno.test("following days of entries reads only those that are asked for", async () => {
  await using here = await testLog();
  const { log, clock } = here;
  for (let day = 0; day < 6; day++) {
    await log(`${day}`);
    clock.pass(DAY);
  }
  await using followed = following(here, { last: 2 });
  assertEquals(await followed.next(2), ["4", "5"]);
  await log("6");
  assertEquals(await followed.next(1), ["6"]);
});
