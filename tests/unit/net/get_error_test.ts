import { assertEquals } from "@std/assert";
import { connectErrorKind } from "../../../lib/net/get_error.ts";

function withCode(code: string): Error {
  return Object.assign(new Error("It failed (os error 0)"), { code });
}

Deno.test("failures to connect are told apart", () => {
  assertEquals(connectErrorKind(new Deno.errors.ConnectionRefused()), "refused");
  assertEquals(connectErrorKind(new Deno.errors.ConnectionReset()), "cut_off");
  assertEquals(connectErrorKind(new Deno.errors.NotCapable()), "local");
  for (const code of ["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS"]) {
    assertEquals(connectErrorKind(withCode(code)), "local");
  }
  for (const code of ["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "EACCES"]) {
    assertEquals(connectErrorKind(withCode(code)), "unreachable");
  }
  for (
    const text of [
      "failed to lookup address information: Name or service not known",
      "failed to lookup address information: nodename nor servname provided, or not known",
      "No such host is known. (os error 11001)",
    ]
  ) {
    assertEquals(connectErrorKind(new Error(text)), "unknown_host");
  }
});
