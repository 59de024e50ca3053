import { assertEquals } from "@std/assert";
import { clientAddress } from "../../../server/client_address.ts";

function from(remoteAddress: string, headers: Record<string, string> = {}) {
  const { address, local } = clientAddress({ socket: { remoteAddress }, headers } as never);
  return [address, local];
}

Deno.test("a client is where its connection comes from, whatever it says", () => {
  assertEquals(from("203.0.113.7"), ["203.0.113.7", false]);
  const headers = { "x-forwarded-for": "198.51.100.1", "cf-connecting-ip": "198.51.100.2" };
  assertEquals(from("203.0.113.7", headers), ["203.0.113.7", false]);
});

Deno.test("a tunnel of this machine tells whom it speaks for, and its own word is the last", () => {
  assertEquals(from("127.0.0.1", { "cf-connecting-ip": "203.0.113.7" }), ["203.0.113.7", false]);
  const forged = { "x-forwarded-for": "198.51.100.1, 203.0.113.7" };
  assertEquals(from("::1", forged), ["203.0.113.7", false]);
  assertEquals(from("::ffff:127.0.0.1", forged), ["203.0.113.7", false]);
  const passedOn = { "x-forwarded-for": "203.0.113.7", "cf-connecting-ip": "198.51.100.3" };
  assertEquals(from("127.0.0.1", passedOn), ["203.0.113.7", false]);
});

Deno.test("a program of this machine is known as one, and nothing else is", () => {
  assertEquals(from("127.0.0.1"), ["127.0.0.1", true]);
  assertEquals(from("127.0.0.1", { "x-forwarded-for": "127.0.0.1" }), ["127.0.0.1", false]);
  assertEquals(from("127.0.0.1", { "x-forwarded-for": "nonsense" }), ["127.0.0.1", false]);
});
