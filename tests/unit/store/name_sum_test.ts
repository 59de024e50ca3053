import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { NameSum } from "../../../lib/store/name_sum.ts";

const seeds = fc.integer({ min: 0, max: 0xffffffff });

function sumOf(seed: number, names: readonly string[]): NameSum {
  const sum = new NameSum(seed);
  for (const name of names) sum.add(name);
  return sum;
}

Deno.test("the sum of names does not depend on their order, and a name that is taken out leaves no trace", () => {
  fc.assert(fc.property(seeds, fc.uniqueArray(fc.string()), fc.string(), (seed, names, other) => {
    const sum = sumOf(seed, names);
    assert(sumOf(seed, names.toReversed()).equals(sum));
    const detour = sumOf(seed, [other, ...names]);
    assert(!detour.equals(sum));
    detour.remove(other);
    assert(detour.equals(sum));
    assertEquals(detour.count, names.length);
    assert(new NameSum(...sum.parts).equals(sum));
  }));
});

Deno.test("sets of names of the same number have different sums, whatever the seed", () => {
  const two = fc.uniqueArray(fc.stringMatching(/^[ab]{1,12}$/), { minLength: 2, maxLength: 2 });
  fc.assert(fc.property(seeds, two, (seed, [one = "", other = ""]) => {
    assert(!sumOf(seed, [one]).equals(sumOf(seed, [other])));
    assert(!sumOf(seed, [one + other, "c"]).equals(sumOf(seed, [one, other + "c"])));
  }));
});
