import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ipv4FromText, ipv4ToText, networkSpan, prefixOfMask } from "../../../lib/net/ipv4.ts";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });

Deno.test("an address survives being written and read", () => {
  fc.assert(fc.property(address, (value) => assertEquals(ipv4FromText(ipv4ToText(value)), value)));
});

Deno.test("what is no dotted quad is no address", () => {
  for (
    const text of ["", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.4 "]
  ) {
    assertEquals(ipv4FromText(text), undefined, text);
  }
  assertEquals(ipv4FromText("0.0.0.0"), 0);
});

Deno.test("a network has its size, holds its address and starts at a multiple of its size", () => {
  fc.assert(fc.property(address, fc.integer({ min: 0, max: 32 }), (value, prefix) => {
    const { first, last } = networkSpan(value, prefix);
    assertEquals(last - first + 1, 2 ** (32 - prefix));
    assertEquals(first <= value && value <= last, true);
    assertEquals(first % (2 ** (32 - prefix)), 0);
  }));
});

Deno.test("each netmask has its prefix, and other addresses have none", () => {
  for (let prefix = 0; prefix <= 32; prefix++) {
    const mask = 2 ** 32 - 2 ** (32 - prefix);
    assertEquals(prefixOfMask(ipv4ToText(mask)), prefix);
  }
  for (const text of ["255.0.255.0", "0.0.0.255", "255.255.255.253", "mask", ""]) {
    assertEquals(prefixOfMask(text), undefined, text);
  }
});
