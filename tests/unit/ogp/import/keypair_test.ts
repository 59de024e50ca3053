import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { readKeypair } from "../../../../lib/ogp/import/keypair.ts";
import { encryptedKey, originalKey } from "./originals.ts";

const NONE = { named: {} };

function failure(record: unknown, secrets: Parameters<typeof readKeypair>[1] = NONE): MeshError {
  return assertThrows(() => readKeypair(JSON.stringify(record), secrets), MeshError);
}

Deno.test("a plain key is read, in either case", () => {
  const { publicKey, privateKey } = originalKey();
  const upper = { publicKey: publicKey.toUpperCase(), privateKey: privateKey.toUpperCase() };
  for (const record of [{ publicKey, privateKey }, upper]) {
    const key = readKeypair(JSON.stringify(record), NONE);
    assertEquals(key.publicKey.der, publicKey);
    assertEquals(key.exportSecretDer(), privateKey);
  }
});

Deno.test("an encrypted key is opened with the secret that it names, or with the one that is given", () => {
  const pair = originalKey();
  const text = JSON.stringify(encryptedKey(pair, "tok-123", "openclawToken"));
  const named = { openclawToken: "tok-123", hermesWebhookSecret: "other" };
  assertEquals(readKeypair(text, { named }).exportSecretDer(), pair.privateKey);
  const env = JSON.stringify(encryptedKey(pair, "pass phrase", "env"));
  assertEquals(readKeypair(env, { named, given: "pass phrase" }).publicKey.der, pair.publicKey);
});

Deno.test("an encrypted key without its secret is explained, and nothing of it is told", () => {
  const pair = originalKey();
  const env = failure(encryptedKey(pair, "pass", "env"));
  assertEquals(env.code, "refused");
  assertStringIncludes(env.message, "OGP_KEYPAIR_SECRET");
  assertStringIncludes(env.hint ?? "", "--secret-file");
  const missing = failure(encryptedKey(pair, "pass", "openclawToken"));
  assertStringIncludes(missing.message, '"openclawToken" of its configuration');
  const wrong = failure(encryptedKey(pair, "pass", "openclawToken"), {
    named: { openclawToken: "not it" },
  });
  assertStringIncludes(wrong.message, "the secret does not open it");
  for (const { message, hint } of [env, missing, wrong]) {
    assertEquals(`${message}${hint}`.includes(pair.privateKey), false);
  }
});

Deno.test("a key in the keychain of macOS is explained", () => {
  const { publicKey } = originalKey();
  const error = failure({ publicKey });
  assertEquals(error.code, "refused");
  assertStringIncludes(error.message, "keychain");
  assertStringIncludes(error.hint ?? "", "security find-generic-password");
});

Deno.test("a damaged file, a foreign scheme, halves that do not belong together are refused", () => {
  const pair = originalKey();
  const other = originalKey();
  const sealed = encryptedKey(pair, "pass", "env");
  const encryption = sealed.encryption as Record<string, unknown>;
  const given = { named: {}, given: "pass" };
  const cases: [unknown, string][] = [
    [[], "malformed"],
    [{}, "malformed"],
    [{ publicKey: 7 }, "malformed"],
    [{ publicKey: "00".repeat(44) }, "bad_key"],
    [{ ...pair, privateKey: "00".repeat(48) }, "bad_key"],
    [{ ...pair, privateKey: other.privateKey }, "bad_key"],
    [{ ...sealed, encryption: { ...encryption, scheme: "rot13" } }, "refused"],
    [{ ...sealed, encryption: undefined }, "refused"],
    [{ ...sealed, encryption: { ...encryption, iv: "AAAA" } }, "malformed"],
    [{ ...sealed, encryption: { ...encryption, authTag: "?" } }, "malformed"],
    [{ ...sealed, privateKeyCiphertext: "A".repeat(2000) }, "malformed"],
    [{ ...sealed, privateKeyCiphertext: "AAAA" }, "refused"],
  ];
  for (const [record, code] of cases) {
    assertEquals(failure(record, given).code, code, JSON.stringify(record));
  }
  assertThrows(() => readKeypair('{"publicKey":', NONE), MeshError, "not JSON");
});
