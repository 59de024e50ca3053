import { assertEquals } from "@std/assert";
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { guardedLookup, REFUSED_ADDRESS } from "../../../lib/net/guarded_lookup.ts";

/** Resolves every name to the same addresses, as `node:dns` would. */
function always(...addresses: string[]): LookupFunction {
  return (_hostname, _options, callback) =>
    callback(null, addresses.map((address) => ({ address, family: familyOf(address) })));
}

function familyOf(address: string): number {
  return address.includes(":") ? 6 : 4;
}

/** What a guarded resolver says: addresses, or the code of an error. */
function ask(lookup: LookupFunction, hostname: string, all = true): string {
  let said = "nothing";
  guardedLookup(lookup)(hostname, { all }, (error, found) => {
    if (error) said = String(error.code);
    else if (typeof found === "string") said = found;
    else said = (found as LookupAddress[]).map(({ address }) => address).join(" ");
  });
  return said;
}

Deno.test("a name leads to public and private addresses, and to nothing else", () => {
  const refused = [
    "127.0.0.1",
    "127.0.1.1",
    "::1",
    "::ffff:127.0.0.1",
    "169.254.169.254",
    "fe80::1",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "255.255.255.255",
  ];
  for (const address of refused) {
    assertEquals([address, ask(always(address), "peer.example")], [address, REFUSED_ADDRESS]);
  }
  for (const address of ["192.168.1.7", "100.64.0.7", "fd00::7", "93.184.215.14", "2001:db8::1"]) {
    assertEquals(ask(always(address), "peer.example"), address);
  }
});

Deno.test("of several addresses only the usable ones are handed on", () => {
  const mixed = always("127.0.0.1", "10.0.0.7", "::1", "10.0.0.8");
  assertEquals(ask(mixed, "peer.example"), "10.0.0.7 10.0.0.8");
  assertEquals(ask(mixed, "peer.example", false), "10.0.0.7");
});

Deno.test("only localhost is this machine", () => {
  const loopback = always("127.0.0.1", "::1");
  assertEquals(ask(loopback, "localhost"), "127.0.0.1 ::1");
  assertEquals(ask(loopback, "mesh.localhost"), "127.0.0.1 ::1");
  for (const name of ["localhost.example", "notlocalhost", "localhost.localdomain", "vm"]) {
    assertEquals([name, ask(loopback, name)], [name, REFUSED_ADDRESS]);
  }
  assertEquals(ask(always("169.254.169.254"), "localhost"), REFUSED_ADDRESS);
});

Deno.test("a failure of the resolver is passed on", () => {
  const unknown: LookupFunction = (_hostname, _options, callback) =>
    callback(Object.assign(new Error("Unknown"), { code: "ENOTFOUND" }), []);
  assertEquals(ask(unknown, "peer.example"), "ENOTFOUND");
  assertEquals(ask(always(), "peer.example"), REFUSED_ADDRESS);
});
