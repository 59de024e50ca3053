import { assertEquals, assertMatch } from "@std/assert";
import { type PublicKey, publicKeyFromRaw } from "../../../lib/identity/keys.ts";
import { safetyNumber } from "../../../lib/identity/safety_number.ts";

const keyOf = (byte: number) => publicKeyFromRaw(new Uint8Array(32).fill(byte));
/** The six groups that a key adds to every number it is in. */
const halfOf = (key: PublicKey) => safetyNumber(key, key).slice(0, 35);

Deno.test("the number is 60 digits in 12 groups, the same on both sides", () => {
  const number = safetyNumber(keyOf(1), keyOf(2));
  assertMatch(number, /^\d{5}( \d{5}){11}$/);
  assertEquals(safetyNumber(keyOf(2), keyOf(1)), number);
});

Deno.test("the number never changes from version to version", () => {
  assertEquals(
    safetyNumber(keyOf(1), keyOf(2)),
    "53997 38075 53889 39347 46809 57563 96635 67196 56791 37930 76303 83285",
  );
});

Deno.test("each key has its own half, and the smaller half comes first", () => {
  const halves = [1, 2, 3].map((byte) => halfOf(keyOf(byte)));
  assertEquals(safetyNumber(keyOf(1), keyOf(2)), [halves[0], halves[1]].sort().join(" "));
  assertEquals(safetyNumber(keyOf(2), keyOf(3)), [halves[1], halves[2]].sort().join(" "));
  assertEquals(new Set(halves).size, 3);
});

Deno.test("one changed bit changes the number", () => {
  const raw = new Uint8Array(32).fill(1);
  const seen = new Set([safetyNumber(keyOf(1), keyOf(2))]);
  for (const bit of [0, 7, 100, 255]) {
    const changed = raw.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    seen.add(safetyNumber(publicKeyFromRaw(changed), keyOf(2)));
  }
  assertEquals(seen.size, 5);
});

Deno.test("the number is of the key, not of the text it came in", () => {
  const key = keyOf(1);
  const other = { ...key, raw: key.raw, pem: key.pem.replaceAll("\n", "\r\n") };
  assertEquals(safetyNumber(other, keyOf(2)), safetyNumber(key, keyOf(2)));
});
