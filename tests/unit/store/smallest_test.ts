import { assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { comparing, parseCursor, printCursor } from "../../../lib/store/position.ts";
import { Smallest } from "../../../lib/store/smallest.ts";

const ascending = (a: number, b: number) => a - b;

Deno.test("the first few are what sorting all of them would give", () => {
  fc.assert(fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 40 }), (all, count) => {
    const few = new Smallest(count, ascending);
    for (const item of all) few.add(item);
    assertEquals(few.sorted(), all.toSorted(ascending).slice(0, count));
  }));
  const all = new Smallest(Infinity, ascending);
  for (let n = 1_000; n > 0; n--) all.add(n);
  assertEquals(all.sorted(), Array.from({ length: 1_000 }, (_, n) => n + 1));
});

Deno.test("of many few are kept, in the worst order, too", () => {
  let alive = 0;
  const few = new Smallest<number>(20, (a, b) => {
    alive = Math.max(alive, few.size);
    return a - b;
  });
  for (let n = 100_000; n > 0; n--) few.add(n);
  assertEquals(few.sorted()[19], 20);
  assertLess(alive, 65);
});

Deno.test("a cursor leads back to its position, in its own order only", () => {
  const position = fc.record({
    id: fc.string({ minLength: 1 }),
    time: fc.integer({ min: -1e12, max: 1e13 }),
  });
  fc.assert(fc.property(position, (at) => {
    assertEquals(parseCursor("newest", printCursor("newest", at)), at);
  }));
});

Deno.test("the newest come first, and of one moment the first by id", () => {
  const positions = [{ id: "b", time: 1 }, { id: "a", time: 1 }, { id: "c", time: 2 }];
  assertEquals(positions.toSorted(comparing("newest")).map(({ id }) => id), ["c", "a", "b"]);
  assertEquals(positions.toSorted(comparing("name")).map(({ id }) => id), ["a", "b", "c"]);
});
