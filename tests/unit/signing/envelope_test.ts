import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { generateKeyPair } from "../../../lib/identity/private_key.ts";
import { canonicalJson } from "../../../lib/signing/canonical_json.ts";
import { signPayload, verifyPayload } from "../../../lib/signing/envelope.ts";
import { JsonNumber, JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { printJson } from "../../../lib/signing/json_print.ts";
import { oracleSign, strictVerify } from "./ed25519_oracle.ts";
import { anyModel, spell } from "./json_model.ts";

const { privateKey, publicKey } = generateKeyPair();
const unsigned = new JsonObject([
  ["to", "agent-b"],
  ["body", new JsonObject([["text", "héllo"], ["n", new JsonNumber("1.0")]])],
]);
const signed = signPayload(unsigned, privateKey);

function withSignature(signature: JsonObject | string | null | boolean): JsonObject {
  return new JsonObject(signed).set("signature", signature);
}

Deno.test("the signature is the last key of a copy, in standard base64", () => {
  assertEquals([...signed.keys()], ["to", "body", "signature"]);
  assertEquals([...unsigned.keys()], ["to", "body"]);
  const text = signed.get("signature");
  assert(typeof text === "string" && text.length === 88 && text.endsWith("=="));
});

Deno.test("the signature is another implementation's over the canonical text", () => {
  const message = new TextEncoder().encode(
    '{"body":{"n":1.0,"text":"h\\u00e9llo"},"to":"agent-b"}',
  );
  const seed = Uint8Array.fromHex(privateKey.exportSecretDer().slice(-64));
  assertEquals(signed.get("signature"), oracleSign(seed, message).toBase64());
});

Deno.test("signing again replaces the signature", () => {
  assertEquals(signPayload(signed, privateKey), signed);
  const moved = parseJson(`{"signature":"old",${printJson(unsigned).slice(1)}`) as JsonObject;
  assertEquals([...signPayload(moved, privateKey).keys()], ["to", "body", "signature"]);
});

Deno.test("any document survives signing, sending in any spelling, and verifying", () => {
  fc.assert(fc.property(anyModel, fc.integer(), fc.integer(), (model, one, other) => {
    const document = parseJson(spell(model, one));
    const sent = signPayload(new JsonObject([["body", document]]), privateKey);
    const text = `{"signature": ${printJson(sent.get("signature")!)}, "body": ${
      spell(model, other)
    }}`;
    const received = parseJson(text) as JsonObject;
    assert(verifyPayload(received, publicKey));
    const message = new TextEncoder().encode(canonicalJson(new JsonObject([["body", document]])));
    const signature = Uint8Array.fromBase64(received.get("signature") as string);
    assert(strictVerify(publicKey.raw, message, signature));
    assertFalse(verifyPayload(new JsonObject(received).set("more", null), publicKey));
  }));
});

Deno.test("a change of value, kind of number, key or nesting makes it false", () => {
  assert(verifyPayload(signed, publicKey));
  const text = printJson(signed);
  for (
    const [from, to] of [
      ["agent-b", "agent-c"],
      ["1.0", "1"],
      ["héllo", "he\u0301llo"],
      ['"to"', '"To"'],
      ['"n":1.0', '"n":1.0,"x":1'],
    ] as const
  ) {
    const changed = text.replace(from, to);
    assert(changed !== text);
    assertFalse(verifyPayload(parseJson(changed) as JsonObject, publicKey), to);
  }
});

Deno.test("another key makes it false", () => {
  assertFalse(verifyPayload(signed, generateKeyPair().publicKey));
});

Deno.test("a signature that is missing or no text is false", () => {
  assertFalse(verifyPayload(unsigned, publicKey));
  for (const value of [null, true, new JsonObject()]) {
    assertFalse(verifyPayload(withSignature(value), publicKey));
  }
  assertFalse(
    verifyPayload(new JsonObject(signed).set("signature", new JsonNumber("1")), publicKey),
  );
  assertFalse(verifyPayload(new JsonObject(signed).set("signature", [signed]), publicKey));
});

Deno.test("a signature in any spelling of base64 but the proper one is false", () => {
  const text = signed.get("signature") as string;
  const raw = Uint8Array.fromBase64(text);
  // The last character before the padding has four bits that mean nothing: they must be zero.
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = alphabet.indexOf(text[85]!);
  const strayBits = Array.from(
    { length: 15 },
    (_, i) => text.slice(0, 85) + alphabet[last + i + 1] + "==",
  );
  const spellings = [
    "",
    "!!!!",
    text.slice(0, -2),
    text.slice(0, -1),
    text + "=",
    text + "\n",
    " " + text,
    text.slice(0, 40) + "\n" + text.slice(40),
    raw.toHex(),
    raw.toBase64({ alphabet: "base64url" }).replace(/[A-Za-z0-9]/, "-"),
    raw.subarray(1).toBase64(),
    new Uint8Array([...raw, 0]).toBase64(),
    ...strayBits,
  ];
  assert(verifyPayload(withSignature(text), publicKey));
  for (const spelling of spellings) {
    assertFalse(verifyPayload(withSignature(spelling), publicKey), spelling);
  }
});
