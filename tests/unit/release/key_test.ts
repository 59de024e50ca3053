import { assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { publicKeyFromRaw } from "../../../lib/identity/keys.ts";
import { bakedKey, formatReleaseKey, parseReleaseKey } from "../../../lib/release/key.ts";
import { bakedText, PLACES } from "../../../scripts/release_key.ts";

/** The key that minisign's own page shows. */
const KNOWN = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

Deno.test("a public key is read from its file or from its line", () => {
  const key = parseReleaseKey(KNOWN);
  assertEquals(key.id, "E7620F1842B4E81F");
  assertEquals(parseReleaseKey(`untrusted comment: minisign\r\n${KNOWN}\r\n`), key);
  assertEquals(parseReleaseKey(formatReleaseKey(key)), key);
});

Deno.test("anything else is refused", () => {
  const wrong = [
    "",
    KNOWN.slice(1),
    KNOWN + "A",
    `${KNOWN}\n${KNOWN}`,
    KNOWN.replace("RWQ", "RUQ"),
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----",
    "x".repeat(100_000),
  ];
  for (const text of wrong) {
    assertEquals(assertThrows(() => parseReleaseKey(text), MeshError).code, "bad_key", text);
  }
});

Deno.test("a key for which anybody can sign is refused", () => {
  const weak = publicKeyFromRaw(Uint8Array.fromHex("01" + "00".repeat(31)));
  const text = formatReleaseKey({ id: "0123456789ABCDEF", publicKey: weak });
  assertEquals(assertThrows(() => parseReleaseKey(text), MeshError).code, "bad_key");
});

Deno.test("the key that is built in is the one that is published, or there is none", async () => {
  const published = await Deno.readTextFile(PLACES.published).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  assertEquals(await Deno.readTextFile(PLACES.baked), bakedText(published));
  assertEquals(bakedKey(), published === undefined ? undefined : parseReleaseKey(published));
});
