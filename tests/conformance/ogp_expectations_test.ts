/**
 * The table of what our gateway answers to the recorded exchanges is whole, and says why wherever it
 * differs from what the originals answered.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { OGP_EXPECTATIONS } from "./ogp_expectations.ts";
import { readVectors, senderOf, vectorNames } from "./ogp_vectors.ts";

for (const dialect of ["0.2", "0.7"] as const) {
  Deno.test(`each exchange of ${dialect} has its line in the table, and no line is left over`, () => {
    assertEquals(Object.keys(OGP_EXPECTATIONS[dialect]).sort(), vectorNames(dialect));
  });

  Deno.test(`where ${dialect} answered with another status, the table says why`, () => {
    for (const { name, response } of readVectors(dialect)) {
      const { status, why } = OGP_EXPECTATIONS[dialect][name]!;
      if (status !== response.status) assert(why, name);
    }
  });

  Deno.test(`nothing that ${dialect} should not have taken is taken`, () => {
    for (const name of vectorNames(dialect).filter((each) => each.startsWith("SEC-"))) {
      assert(OGP_EXPECTATIONS[dialect][name]!.status >= 400, name);
    }
  });

  Deno.test(`what went before an exchange of ${dialect} is recorded, too, and by the same receiver`, () => {
    const vectors = new Map(readVectors(dialect).map((vector) => [vector.name, vector]));
    for (const { name, given, receiver, clock } of vectors.values()) {
      assert(Number.isFinite(clock), name);
      for (const before of given.after ?? []) {
        const other = vectors.get(before);
        assert(other, `${name} builds on "${before}"`);
        assertEquals(other.receiver.publicKey, receiver.publicKey, name);
      }
    }
  });

  Deno.test(`who sent an exchange of ${dialect} is known, unless it is a stranger's`, () => {
    for (const vector of readVectors(dialect)) {
      if (vector.given.sender !== "unknown") assert(senderOf(vector), vector.name);
    }
  });
}
