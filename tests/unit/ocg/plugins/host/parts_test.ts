import { assert, assertEquals, assertThrows } from "@std/assert";
import { Chats } from "../../../../../lib/ocg/plugins/host/chats.ts";
import {
  openKeyedStore,
  openSyncKeyedStore,
} from "../../../../../lib/ocg/plugins/host/keyed_store.ts";
import { saveMedia } from "../../../../../lib/ocg/plugins/host/media.ts";
import { guarded } from "../../../../../lib/ocg/plugins/host/missing.ts";
import { send } from "../../../../../lib/ocg/plugins/host/outbound.ts";
import { Lines, LONGEST_LINE, readLine } from "../../../../../lib/ocg/plugins/host/wire.ts";

async function inFolder(test: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("lines come out whole however they are cut, and a line without an end costs no room", () => {
  const lines: string[] = [];
  const reader = new Lines((line) => lines.push(line));
  for (const piece of ["on", "e\ntwo\n\n", "thr", "ee", "\n"]) reader.push(piece);
  for (let i = 0; i < 40; i++) reader.push("x".repeat(LONGEST_LINE / 20));
  reader.push("\nfour\n");
  assertEquals(lines, ["one", "two", "three", "four"]);
  assertEquals(readLine('{"a":1}'), { a: 1 });
  for (const line of ["[1]", "{", "null", "nonsense"]) assertEquals(readLine(line), undefined);
});

Deno.test("what is missing is told by its whole name, and what is there is as it was", () => {
  const here = guarded(
    { channel: { text: { chunk: () => ["a"] }, list: [1] }, none: undefined },
    "rt",
  );
  assertEquals(here.channel.text.chunk(), ["a"]);
  assertEquals(here.channel.list, [1]);
  assertEquals(here.none, undefined);
  // deno-lint-ignore no-explicit-any -- as plugins do
  const any = here as any;
  assertThrows(() => any.channel.mentions.build("x"), Error, '"rt.channel.mentions.build"');
  assertEquals(any.then, undefined);
});

Deno.test("stores keep values over restarts, let them expire, and forget the oldest", () =>
  inFolder(async (folder) => {
    const store = openSyncKeyedStore(folder, { namespace: "a/../b", maxEntries: 2 });
    store.register("one", { a: 1 });
    store.register("two", 2);
    store.register("three", 3);
    assertEquals(store.entries().map(({ key }) => key), ["two", "three"]);
    assertEquals(store.registerIfAbsent("two", 0), false);
    assertEquals([store.lookup("one"), store.lookup("two")], [undefined, 2]);
    store.register("brief", 4, { ttlMs: -1 });
    assertEquals(store.lookup("brief"), undefined);
    assertEquals([store.consume("three"), store.lookup("three")], [3, undefined]);
    const written = await Deno.readTextFile(`${folder}/store/a%2F..%2Fb.json`);
    assertEquals(Object.keys(JSON.parse(written)), ["two"]);
    const same = openKeyedStore(folder, { namespace: "a/../b" }) as Record<
      string,
      (key: string) => Promise<unknown>
    >;
    assertEquals(await same.lookup?.("two"), 2);
    store.clear();
    assertEquals(store.entries(), []);
  }));

Deno.test("a file of chats that is damaged is begun anew", () =>
  inFolder(async (folder) => {
    const known = { to: "qqbot:c2c:A", last: "1", at: 5 };
    new Chats(folder).note("c2c:A", known);
    assertEquals(new Chats(folder).get("c2c:A"), known);
    await Deno.writeTextFile(`${folder}/mesh-chats.json`, '{"c2c:A": {"to": 7}, "x": null}');
    assertEquals(new Chats(folder).get("c2c:A"), undefined);
    await Deno.writeTextFile(`${folder}/mesh-chats.json`, "{");
    new Chats(folder).note("c2c:A", known);
    assertEquals(new Chats(folder).get("c2c:A"), known);
  }));

Deno.test("on platforms that charge for the rest, what is sent soon is an answer to the last message", () =>
  inFolder(async (folder) => {
    const chats = new Chats(folder);
    const asked: Record<string, unknown>[] = [];
    const outbound = {
      sendText(ctx: Record<string, unknown>) {
        asked.push(ctx);
        return { messageId: 5 };
      },
    };
    const parts = (id: string) => ({
      ...{ channel: { id, outbound }, config: {}, accountId: "default", chats },
    });
    const note = (chat: string, last: string, minutes: number) =>
      chats.note(chat, { to: `qqbot:${chat}`, last, at: Date.now() - minutes * 60_000 });
    note("c2c:A", "m1", 10);
    note("c2c:B", "m2", 60);
    note("group:C", "m3", 2);
    note("group:D", "m4", 10);
    assertEquals(await send(parts("qqbot"), { chat: "c2c:A", text: "a" }), "5");
    assertEquals(asked.pop(), {
      ...{ cfg: {}, to: "qqbot:c2c:A", text: "a", accountId: "default", replyToId: "m1" },
    });
    for (const chat of ["c2c:B", "group:C", "group:D"]) {
      await send(parts("qqbot"), { chat, text: "b", replyTo: "m0" });
    }
    assertEquals(asked.map(({ replyToId }) => replyToId), [undefined, "m3", undefined]);
    await send(parts("other"), { chat: "group:C", text: "c", replyTo: "m0" });
    await send(parts("other"), { chat: "c2c:A", text: "d" });
    assertEquals(asked.slice(-2).map(({ replyToId }) => replyToId), ["m0", undefined]);
  }));

Deno.test("files that people send have a place, and a limit", () =>
  inFolder(async (folder) => {
    const save = saveMedia(folder);
    const { path, size, contentType } = await save(new Uint8Array([1, 2]), "image/png");
    assertEquals([size, contentType, (await Deno.readFile(path)).length], [2, "image/png", 2]);
    let failure: unknown;
    await save(new Uint8Array(33 * 1024 * 1024)).catch((error) => failure = error);
    assert(failure instanceof Error);
  }));
