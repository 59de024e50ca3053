import { assertEquals, assertNotEquals } from "@std/assert";
import { fingerprintOf, shortFingerprint } from "../../../lib/identity/fingerprint.ts";

const PEM = "-----BEGIN PUBLIC KEY-----\n" +
  "MCowBQYDK2VwAyEAFT//xSI88FYDwq610BRIgIGA9dRnYPGeESRmiRvn00k=\n" +
  "-----END PUBLIC KEY-----\n";

Deno.test("the fingerprint is the one that the original sends for the same key", async () => {
  assertEquals(
    await fingerprintOf(PEM),
    "sha256:2b0e6c5b65f0072b47d3591f47bdfcb5372de4278ee4cc8f2aff3bc63530ff76",
  );
});

Deno.test("the fingerprint is of the text, byte for byte", async () => {
  const others = [PEM.trimEnd(), PEM.replaceAll("\n", "\r\n"), PEM + " ", ""];
  const all = await Promise.all([PEM, ...others].map(fingerprintOf));
  assertEquals(new Set(all).size, 5);
  assertNotEquals(all[0], all[1]);
});

Deno.test("the short form is the first 16 digits in groups of four", async () => {
  assertEquals(shortFingerprint(await fingerprintOf(PEM)), "2b0e 6c5b 65f0 072b");
});

Deno.test("what is no fingerprint has no short form", async () => {
  const fingerprint = await fingerprintOf(PEM);
  const cases = [
    "",
    "sha256:",
    fingerprint.slice(0, -1),
    fingerprint + "0",
    fingerprint + "\n",
    fingerprint.toUpperCase(),
    fingerprint.slice(7),
    "sha256:" + "z".repeat(64),
    "\x1b[31m",
  ];
  for (const text of cases) assertEquals(shortFingerprint(text), "?");
});
