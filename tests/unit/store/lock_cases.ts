/**
 * Cases about locks and claims.
 *
 * @module
 */

import { assert, assertEquals, assertExists, assertRejects } from "@std/assert";
import type { MakeStore } from "./cases.ts";
import { note, noteCodec } from "./notes.ts";
import { pause } from "./temporary_root.ts";

/**
 * Registers the cases.
 *
 * @param name What the implementation is called.
 * @param makeStore Makes an empty store.
 */
export function lockCases(name: string, makeStore: MakeStore): void {
  const test = (sentence: string, run: () => Promise<void>) =>
    Deno.test(`${name}: ${sentence}`, run);

  test("a named lock lets one in at a time", async () => {
    await using made = await makeStore();
    const stores = [made.store, made.again()];
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await pause(1);
      inside--;
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => stores[n % 2]!.withLock("a/b", work)));
    assertEquals([inside, most], [0, 1]);
  });

  test("different names do not wait for each other, one inside the other", async () => {
    await using made = await makeStore();
    const { store } = made;
    const notes = store.collection("notes", noteCodec);
    const names = Array.from({ length: 300 }, (_, n) => `name ${n}`);
    const nest = (rest: string[]): Promise<number> =>
      rest.length === 0
        ? notes.update("a", () => note(1)).then(() => 0)
        : store.withLock(rest[0]!, async () => 1 + await nest(rest.slice(1)));
    assertEquals(await nest(names), 300);
  });

  test("a lock of a name and the lock of a record of that name are two", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    await made.store.withLock("notes/a", () => notes.put("a", note(1)));
    assertEquals(await notes.get("a"), note(1));
  });

  test("what the work returns or throws comes out, and the lock is free again", async () => {
    await using made = await makeStore();
    const { store } = made;
    assertEquals(await store.withLock("a", () => Promise.resolve(7)), 7);
    await assertRejects(
      () => store.withLock("a", () => Promise.reject(new RangeError("no"))),
      RangeError,
    );
    assertEquals(await made.again().withLock("a", () => Promise.resolve(8)), 8);
  });

  test("locks may have any name", async () => {
    await using made = await makeStore();
    for (const  of of["", "..", "x".repeat(10_000), "\ud800", "con", "a\0b"]) {
      assertEquals(await made.store.withLock(of, () => Promise.resolve(of)), of);
      const claim = await made.store.tryClaim(of);
      assertExists(claim);
      await claim.release();
    }
  });

  test("a claim has one holder until it is given back", async () => {
    await using made = await makeStore();
    const other = made.again();
    const claim = await made.store.tryClaim("serve");
    assertExists(claim);
    assertEquals(await other.tryClaim("serve"), undefined);
    assertEquals(await made.store.tryClaim("serve"), undefined);
    assertExists(await other.tryClaim("another").then((free) => free?.release().then(() => free)));
    await claim.release();
    await claim.release();
    {
      await using again = await other.tryClaim("serve");
      assertExists(again);
      assertEquals(await made.store.tryClaim("serve"), undefined);
    }
    const last = await made.store.tryClaim("serve");
    assert(last !== undefined);
    await last.release();
  });

  test("of many who claim at the same time one succeeds", async () => {
    await using made = await makeStore();
    const stores = [made.store, made.again()];
    for (let round = 0; round < 20; round++) {
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, n) => stores[n % 2]!.tryClaim("serve")),
      );
      const held = claims.filter((claim) => claim !== undefined);
      assertEquals(held.length, 1);
      await held[0]!.release();
    }
  });
}
