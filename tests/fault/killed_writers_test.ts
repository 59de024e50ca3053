import { assert, assertEquals } from "@std/assert";
import { openFileStore } from "../../lib/store/file_store.ts";
import { filesBelow, pause, temporaryRoot } from "../unit/store/temporary_root.ts";
import { journalCodec, partCodec, partOf } from "./parts.ts";
import { startWorker, type Worker } from "./worker.ts";

const ROUNDS = 200;
const WRITERS = 4;
/** Writers of so many rounds in a row share a journal, which would grow long otherwise. */
const ROUNDS_PER_JOURNAL = 10;

Deno.test("four writers, one killed in each of 200 rounds, lose and double nothing", async () => {
  await using root = await temporaryRoot();
  await using writers = new AsyncDisposableStack();
  let started = 0;
  const start = (round: number): Worker => {
    const journal = `journal-${Math.floor(round / ROUNDS_PER_JOURNAL)}`;
    const writer = startWorker("write_until_killed", [root.path, `w${started++}`, journal]);
    return writers.use(writer);
  };

  const alive = Array.from({ length: WRITERS }, () => start(0));
  const said: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const place = Math.floor(Math.random() * WRITERS);
    const writer = alive[place]!;
    await writer.has(1);
    await pause(Math.random() * 20);
    await writer.kill();
    said.push(...writer.lines);
    alive[place] = start(round);
  }
  for (const writer of alive) {
    await writer.kill();
    said.push(...writer.lines);
  }

  const done = (word: string) =>
    said.filter((line) => line.startsWith(word + " ")).map((line) => line.split(" ").slice(1));
  assertEquals(done("damage"), []);
  assertEquals(done("taken"), []);
  assert(done("created").length > ROUNDS);

  const store = openFileStore(root.path, { onDamage: ({ path }) => said.push(`damage ${path}`) });
  await store.sweep();
  await checkCreated(done("created").map(([id]) => id!));
  await checkReplaced(done("replaced") as [string, string][]);
  await checkUpdated(done("updated") as [string, string][]);
  assertEquals(done("damage"), []);
  const others = (await filesBelow(root.path)).filter((path) =>
    !/^[a-z]+\/[^.]+\.json$/.test(path)
  );
  assertEquals(others, [], "neither temporary files nor locks are left");

  async function checkCreated(reported: string[]) {
    const { entries } = await store.collection("created", partCodec).list();
    const stored = new Set(entries.map(({ id }) => id));
    assertEquals(reported.filter((id) => !stored.has(id)), [], "created and not there");
    // At most two creations per writer were under way when it died.
    assert(stored.size <= reported.length + 2 * started);
    for (const { id, value } of entries) assertEquals(value, partOf(id, value.n));
    assertEquals(new Set(entries.map(({ value }) => value.id)).size, entries.length);
  }

  async function checkReplaced(reported: [string, string][]) {
    const latest = new Map(reported.map(([id, n]) => [id, Number(n)]));
    const { entries } = await store.collection("replaced", partCodec).list();
    const stored = new Map(entries.map(({ id, value }) => [id, value]));
    for (const [id, n] of latest) {
      const value = stored.get(id);
      assert(value?.n === n || value?.n === n + 1, `"${id}" was ${n} and is ${value?.n}`);
    }
    for (const [id, value] of stored) assertEquals(value, partOf(id, value.n));
  }

  async function checkUpdated(reported: [string, string][]) {
    const { entries } = await store.collection("journals", journalCodec).list();
    const stored = entries.flatMap(({ id, value }) =>
      value.tokens.map((token) => `${id} ${token}`)
    );
    assertEquals(new Set(stored).size, stored.length, "an update was made twice");
    const there = new Set(stored);
    assertEquals(reported.filter(([id, token]) => !there.has(`${id} ${token}`)), []);
    assert(stored.length <= reported.length + started);
  }
});
