import { assertEquals } from "@std/assert";
import { Lru } from "../../../lib/signing/lru.ts";

Deno.test("the entry that was not used for longest is forgotten", () => {
  const lru = new Lru<number, string>(3);
  for (const n of [1, 2, 3]) lru.set(n, `v${n}`);
  lru.get(1);
  lru.set(2, "new");
  lru.set(4, "v4");
  assertEquals([1, 2, 3, 4].map((n) => lru.get(n)), ["v1", "new", undefined, "v4"]);
});

Deno.test("it never holds more than its limit", () => {
  const lru = new Lru<number, number>(10);
  for (let n = 0; n < 1000; n++) lru.set(n, n);
  const held = Array.from({ length: 1000 }, (_, n) => n).filter((n) => lru.get(n) !== undefined);
  assertEquals(held, [990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
});

Deno.test("a value that looks false is kept", () => {
  const lru = new Lru<string, number>(1);
  lru.set("zero", 0);
  assertEquals(lru.get("zero"), 0);
});
