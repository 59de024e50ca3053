import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createPublicKey, verify } from "node:crypto";
import { MeshError } from "../../../lib/error.ts";
import { generateKeyPair } from "../../../lib/identity/private_key.ts";
import { signedTextOf, signText, verifyText } from "../../../lib/ogp/signed_text.ts";
import { JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";

const KEYS = { object: "message", text: "messageStr" };
const take = (body: unknown) => signedTextOf(parseJson(JSON.stringify(body)) as JsonObject, KEYS);

Deno.test("what another program signs verifies, and what is signed here verifies there", () => {
  const { privateKey, publicKey } = generateKeyPair();
  const text = '{"text":"héllo 中文 🦝"}';
  const signature = signText(privateKey, text);
  const key = createPublicKey({
    key: Uint8Array.fromHex(publicKey.der) as never,
    format: "der",
    type: "spki",
  });
  const bytes = new TextEncoder().encode(text);
  assertEquals(verify(null, bytes, key, Uint8Array.fromHex(signature)), true);
  assertEquals(verifyText(publicKey, text, signature), true);
  assertEquals(verifyText(publicKey, text, signature.toUpperCase()), true);
  assertEquals(verifyText(publicKey, `${text} `, signature), false);
  for (const wrong of [undefined, null, 5, "", "zz", signature.slice(2), `${signature}00`, {}]) {
    assertEquals(verifyText(publicKey, text, wrong), false);
  }
});

Deno.test("the object as its sender wrote it is the text, whatever is in it", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (message) => {
    const text = JSON.stringify(message);
    const body = `{"message":${text},"signature":"s"}`;
    let document;
    try {
      document = parseJson(body, { loneSurrogates: "refuse" });
    } catch {
      return; // numbers and surrogates that cannot be kept
    }
    assertEquals(signedTextOf(document as JsonObject, KEYS)?.text, text);
  }));
});

Deno.test("the text counts, and an object beside it has to say the same", () => {
  const text = '{"b":1,"a":[1,2]}';
  assertEquals(take({ messageStr: text, signature: "s" })?.text, text);
  assertEquals(
    take({ message: { a: [1, 2], b: 1 }, messageStr: text, signature: "s" })?.text,
    text,
  );
  for (const message of [{ b: 1 }, { b: 1, a: [2, 1] }, { b: 1, a: [1, 2], c: 0 }, [], "x", null]) {
    assertThrows(() => take({ message, messageStr: text, signature: "s" }), MeshError);
  }
  for (const messageStr of ["", "[]", '"x"', '{"a":1,"a":2}']) {
    assertThrows(() => take({ message: { a: 1 }, messageStr, signature: "s" }), MeshError);
  }
});

Deno.test("without signature, or without anything signed, there is nothing to take", () => {
  for (const body of [{}, { message: {} }, { signature: "s" }, { message: [], signature: "s" }]) {
    assertEquals(take(body), undefined);
  }
});
