import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { IntervalSet } from "../../../../lib/mesh/scan/intervals.ts";

Deno.test("an interval set agrees with a set of numbers", () => {
  const stretch = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 15 }));
  fc.assert(fc.property(fc.array(stretch, { maxLength: 30 }), (stretches) => {
    const model = new Set<number>();
    const set = new IntervalSet();
    for (const [first, length] of stretches) {
      const members = Array.from({ length: length + 1 }, (_, i) => first + i);
      const fresh = members.filter((member) => !model.has(member));
      members.forEach((member) => model.add(member));
      const told = set.add(first, first + length)
        .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
      assertEquals(told, fresh);
      assertEquals(set.size, model.size);
    }
  }));
});

Deno.test("neighbours grow together, so that many small stretches stay quick", () => {
  const set = new IntervalSet();
  for (let i = 0; i < 100_000; i++) assertEquals(set.add(i, i).length, 1);
  assertEquals(set.add(0, 100_000), [[100_000, 100_000]]);
  for (let i = 0; i < 50_000; i++) set.add(200_000 + 2 * i, 200_000 + 2 * i);
  assertEquals(set.size, 150_001);
});

Deno.test("the largest addresses are members like others", () => {
  const set = new IntervalSet();
  assertEquals(set.add(2 ** 32 - 2, 2 ** 32 - 1), [[2 ** 32 - 2, 2 ** 32 - 1]]);
  assertEquals(set.add(0, 2 ** 32 - 1), [[0, 2 ** 32 - 3]]);
  assertEquals(set.size, 2 ** 32);
});
