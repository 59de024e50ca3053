/**
 * Contact requests with keys that are no good, some of them signed so that mere arithmetic would accept
 * them.
 */
import { Point } from "@noble/ed25519";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createPublicKey, hash, verify } from "node:crypto";
import { fingerprintOf } from "../../../lib/identity/fingerprint.ts";
import { publicKeyFromRaw } from "../../../lib/identity/keys.ts";
import { safetyNumber } from "../../../lib/identity/safety_number.ts";
import { approveContact } from "../../../lib/mesh/decisions.ts";
import { peerSafetyNumber } from "../../../lib/mesh/peers.ts";
import { canonicalJson } from "../../../lib/signing/canonical_json.ts";
import type { JsonObject } from "../../../lib/signing/json.ts";
import { forged, recordsIn, Stranger, testNode } from "../mesh/parties.ts";
import { assertRefused, CONTACT, MESSAGE, serve } from "./served.ts";

/** The order of the base point, as RFC 8032 calls it. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const little = (bytes: Uint8Array) => BigInt(`0x${bytes.toReversed().toHex()}`);
const littleBytes = (number: bigint) =>
  Uint8Array.fromHex(number.toString(16).padStart(64, "0")).toReversed();
const sha512 = (...parts: Uint8Array[]) =>
  hash("sha512", Uint8Array.from(parts.flatMap((part) => [...part])), "buffer");

/** A point of order 8, found by taking a point's part outside of the prime-order group. */
function torsionPoint(): Point {
  for (let seed = 1; seed < 100; seed++) {
    try {
      const point = Point.fromBytes(new Uint8Array(32).fill(seed, 0, 1));
      const rest = point.multiply(L - 1n).add(point);
      if (!rest.double().double().is0()) return rest;
    } catch {
      // Not every number is the y of a point.
    }
  }
  throw new Error("No point of order 8 was found");
}

const nodeKey = (raw: Uint8Array) =>
  createPublicKey({ key: publicKeyFromRaw(raw).pem, format: "pem", type: "spki" });

/** A stranger's card with these bytes for a key. */
async function strangerWith(raw: Uint8Array): Promise<Stranger> {
  const { pem: public_key } = publicKeyFromRaw(raw);
  return (await Stranger.named("weak")).as({
    public_key,
    fingerprint: await fingerprintOf(public_key),
  });
}

/**
 * Signs a request for the key A = a·B + T, where T is of some order, without knowing any secret but a: with
 * a signature (R, S) for which S·B = R + k·A holds. Tells whether a plain verifier is taken in.
 */
function signedBy(document: JsonObject, key: Uint8Array, a: bigint, order: bigint) {
  const message = new TextEncoder().encode(canonicalJson(document, { omit: "signature" }));
  for (let r = 1n;; r++) {
    const R = Point.BASE.multiply(r).toBytes();
    const k = little(sha512(R, key, message)) % L;
    // Only if k·T vanishes, that is in one of eight cases, the equation holds.
    if (k % order !== 0n) continue;
    const signature = Uint8Array.from([...R, ...littleBytes((r + k * a) % L)]);
    return {
      document: forged(document, { signature: signature.toBase64() }),
      holds: verify(null, message, nodeKey(key), signature),
    };
  }
}

const T = torsionPoint();

Deno.test("keys of small order are refused, with signatures that hold for them", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  for (let i = 1; i <= 8; i++) {
    const point = i === 8 ? Point.ZERO : T.multiply(BigInt(i));
    const raw = point.toBytes();
    const weak = await strangerWith(raw);
    const { document, holds } = signedBy(weak.contactRequest(), raw, 0n, 8n);
    assert(holds);
    assertRefused(await served.post(CONTACT, document), 400, "bad_key", me.root);
  }
  assertEquals(await recordsIn(me.root), before);
});

Deno.test("a key with a part of small order is refused, though its signature holds", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const a = 123456789n;
  const mixed = Point.BASE.multiply(a).add(T);
  const raw = mixed.toBytes();
  const stranger = await strangerWith(raw);
  const { document, holds } = signedBy(stranger.contactRequest(), raw, a, 8n);
  assert(holds);
  assertRefused(await served.post(CONTACT, document), 400, "bad_key", me.root);
});

Deno.test("keys that are not canonically encoded, or no points, are refused", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const p = 2n ** 255n - 19n;
  const numbers = [
    ...Array.from({ length: 19 }, (_, i) => p + BigInt(i)),
    // The neutral point with a sign that it does not have, and a y without a point.
    1n + 2n ** 255n,
    2n,
    2n ** 256n - 1n,
  ];
  for (const number of numbers) {
    const raw = littleBytes(number);
    const weak = await strangerWith(raw);
    const signature = Uint8Array.from([...Point.BASE.toBytes(), ...littleBytes(1n)]).toBase64();
    const document = forged(weak.contactRequest(), { signature });
    assertRefused(await served.post(CONTACT, document), 400, "bad_key", me.root);
  }
});

Deno.test("the twin of a good signature is refused", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const stan = await Stranger.named("stan");
  const document = stan.contactRequest();
  const signature = Uint8Array.fromBase64(String(document.get("signature")));
  const twin = littleBytes(little(signature.slice(32)) + L);
  const bytes = Uint8Array.from([...signature.slice(0, 32), ...twin]);
  const answer = await served.post(CONTACT, forged(document, { signature: bytes.toBase64() }));
  assertRefused(answer, 401, "bad_signature", me.root);
});

Deno.test("keys of other kinds are refused", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const pem = (der: ArrayBuffer) =>
    `-----BEGIN PUBLIC KEY-----\n${
      new Uint8Array(der).toBase64().replace(/.{64}(?=.)/g, "$&\n")
    }\n-----END PUBLIC KEY-----\n`;
  const rsa = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    true,
    ["sign", "verify"],
  );
  const ec = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const stan = await Stranger.named("stan");
  const keys = [
    pem(await crypto.subtle.exportKey("spki", rsa.publicKey)),
    pem(await crypto.subtle.exportKey("spki", ec.publicKey)),
    stan.privateKey.exportSecretPem(),
    stan.card.public_key + stan.card.public_key,
    stan.card.public_key.replace("MCow", "MCo w"),
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE7",
  ];
  for (const public_key of keys) {
    const from = { ...stan.card, public_key, fingerprint: await fingerprintOf(public_key) };
    const answer = await served.post(CONTACT, stan.contactRequest({ from }));
    assertRefused(answer, 400, "bad_key", me.root);
    assertEquals(answer.text.includes("PRIVATE KEY-----"), false);
  }
});

Deno.test("a key in PEM with CRLF is the same key, under the fingerprint of its own text", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const unix = await Stranger.named("stan");
  const pem = unix.card.public_key.replaceAll("\n", "\r\n");
  const stan = await Stranger.named("stan", { privateKey: unix.privateKey, pem });
  assertNotEquals(stan.card.fingerprint, unix.card.fingerprint);
  const request = stan.contactRequest();
  assertEquals((await served.post(CONTACT, request)).status, 200);
  const peer = await approveContact(me.node, String(request.get("request_id")));
  assertEquals([peer.public_key, peer.fingerprint], [pem, stan.card.fingerprint]);

  const message = stan.message();
  assertEquals((await served.post(MESSAGE, message)).status, 200);
  assertEquals((await served.post(MESSAGE, message)).status, 200);
  assertEquals(served.told.messages.length, 1);
  assertEquals(
    peerSafetyNumber(me.node, peer),
    safetyNumber(unix.privateKey.publicKey, me.node.identity.publicKey),
  );
  // Asking again in the other spelling changes nothing: a peer is its key.
  assertEquals((await served.post(CONTACT, unix.contactRequest())).status, 200);
  assertEquals(served.told.contacts.length, 1);
  assertEquals((await me.node.state.peers.get("stan"))?.public_key, pem);
});
