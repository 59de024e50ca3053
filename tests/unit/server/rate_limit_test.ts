import { assertEquals } from "@std/assert";
import { addressKey, rateLimiter } from "../../../server/rate_limit.ts";

Deno.test("so many calls are let through in any window, and no more", () => {
  let now = 0;
  const limiter = rateLimiter({ calls: 3, windowSeconds: 10, now: () => now });
  const takeAt = (ms: number) => {
    now = ms;
    return limiter.take("a");
  };
  assertEquals([0, 4000, 8000].map(takeAt), [0, 0, 0]);
  assertEquals(takeAt(9000), 1);
  // The first is forgotten; a refused call was not counted.
  assertEquals(takeAt(10_001), 0);
  assertEquals(takeAt(13_000), 1);
  assertEquals([14_001, 18_001].map(takeAt), [0, 0]);
});

Deno.test("the wait is told in whole seconds, at least one", () => {
  let now = 0;
  const limiter = rateLimiter({ calls: 1, windowSeconds: 60, now: () => now });
  limiter.take("a");
  assertEquals(limiter.take("a"), 60);
  now = 59_999;
  assertEquals(limiter.take("a"), 1);
});

Deno.test("keys do not share, and the one longest unheard of is forgotten first", () => {
  const limiter = rateLimiter({ calls: 1, windowSeconds: 60, maxKeys: 2, now: () => 0 });
  assertEquals(["a", "b", "a", "b"].map((key) => limiter.take(key)), [0, 0, 60, 60]);
  assertEquals(["c", "b", "a"].map((key) => limiter.take(key)), [0, 60, 0]);
});

Deno.test("one host is one key", () => {
  const same: [key: string, ...addresses: (string | undefined)[]][] = [
    ["unknown", undefined, ""],
    ["192.168.1.7", "192.168.1.7", "::ffff:192.168.1.7", "::FFFF:192.168.1.7", "::ffff:c0a8:107"],
    ["2001:db8:0:0", "2001:db8::1", "2001:db8::2", "2001:db8::a:b:c:d", "2001:0DB8:0:0:1:2:3:4"],
    ["2001:db8:1:2", "2001:db8:1:2::", "2001:db8:1:2:ffff:ffff:ffff:ffff"],
    ["fe80:0:0:0", "fe80::1%eth0", "fe80::2"],
    ["0:0:0:0", "::1"],
  ];
  for (const [key, ...addresses] of same) {
    for (const address of addresses) assertEquals([address, addressKey(address)], [address, key]);
  }
});
