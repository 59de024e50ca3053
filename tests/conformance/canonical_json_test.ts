/**
 * The test vectors of Agent Mesh V1: canonical texts, signatures, and whole messages that the original
 * signed or refused.
 */
import { assert, assertEquals } from "@std/assert";
import { parsePublicKeyPem } from "../../lib/identity/keys.ts";
import { parsePrivateKeyPem } from "../../lib/identity/private_key.ts";
import { canonicalJson } from "../../lib/signing/canonical_json.ts";
import { signBytes, verifyBytes } from "../../lib/signing/ed25519.ts";
import { signPayload, verifyPayload } from "../../lib/signing/envelope.ts";
import { JsonObject } from "../../lib/signing/json.ts";
import { parseJson } from "../../lib/signing/json_parse.ts";

const folder = new URL("./vectors/agent-mesh/", import.meta.url);

function readVector(name: string) {
  return JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
}

interface CanonicalVector {
  name: string;
  description: string;
  inputJson: string;
  canonicalText: string;
  canonicalBase64: string;
  signature: string;
}

const canonical = readVector("canonical-json.json");
const publicKey = parsePublicKeyPem(canonical.publicKey);
const privateKey = parsePrivateKeyPem(canonical.privateKey);

Deno.test("the vectors' keys belong together and are written as we write keys", () => {
  assertEquals(privateKey.publicKey.pem, canonical.publicKey);
  assertEquals(privateKey.exportSecretPem(), canonical.privateKey);
});

for (const vector of canonical.vectors as CanonicalVector[]) {
  Deno.test(`vector ${vector.name}: ${vector.description}`, () => {
    const json = parseJson(vector.inputJson);
    assert(json instanceof JsonObject);
    const text = canonicalJson(json);
    assertEquals(text, vector.canonicalText);
    const bytes = new TextEncoder().encode(text);
    assertEquals(bytes, Uint8Array.fromBase64(vector.canonicalBase64));
    assertEquals(signBytes(privateKey, bytes).toBase64(), vector.signature);
    assert(verifyBytes(publicKey, bytes, Uint8Array.fromBase64(vector.signature)));
    const signed = signPayload(json, privateKey);
    assertEquals(signed.get("signature"), vector.signature);
    assert(verifyPayload(signed, publicKey));
  });
}

Deno.test("there are as many canonical vectors as we know of", () => {
  assertEquals(canonical.vectors.length, 18);
});

/** Where the original said "not verified" for another reason: no text, no key, or the wrong file's key. */
const OTHER_REASONS = [
  "empty-body-contact.json",
  "contact-no-from.json",
  "msg-from-traversal.json",
];

/** Recorded exchanges in which the original said whether the signature was good. */
const exchanges = [...Deno.readDirSync(folder)]
  .map(({ name }) => ({ name, vector: readVector(name) }))
  .filter(({ vector }) => vector.response?.body.includes('"verified"'))
  .filter(({ name }) => !OTHER_REASONS.includes(name))
  .sort((a, b) => a.name < b.name ? -1 : 1);

for (const { name, vector } of exchanges) {
  const { verified } = JSON.parse(vector.response.body).result;
  Deno.test(`${name}: the signature is ${verified ? "good" : "bad"}, as the original found`, () => {
    const payload = parseJson(vector.request.body, { loneSurrogates: "refuse" });
    assert(payload instanceof JsonObject);
    assertEquals(verifyPayload(payload, parsePublicKeyPem(vector.publicKey)), verified);
  });
}

Deno.test("there are as many recorded exchanges as we know of", () => {
  assertEquals(exchanges.length, 35);
});
