import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { type PublicKey, publicKeyFromRaw } from "../../../lib/identity/keys.ts";
import { PrivateKey } from "../../../lib/identity/private_key.ts";
import { signBytes, verifyBytes } from "../../../lib/signing/ed25519.ts";
import * as oracle from "./ed25519_oracle.ts";

const seed = new Uint8Array(32).map((_, i) => i * 7);
const privateKey = new PrivateKey(seed);
const publicKey = privateKey.publicKey;
const message = new TextEncoder().encode("a message");
const signature = signBytes(privateKey, message);
const [R, S] = [signature.slice(0, 32), oracle.numberOf(signature.slice(32))];

/** Both verifiers must say the same. */
function agree(key: PublicKey, text: Uint8Array, sig: Uint8Array, expected: boolean): void {
  const note = `${sig.toHex()} by ${key.hex}`;
  assertEquals(verifyBytes(key, text, sig), expected, note);
  assertEquals(oracle.strictVerify(key.raw, text, sig), expected, `oracle: ${note}`);
}

Deno.test("the examples of RFC 8032, section 7.1, are signed and verified", () => {
  const cases = [
    [
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ] as const;
  for (const [secret, pub, text, sig] of cases) {
    const key = new PrivateKey(Uint8Array.fromHex(secret));
    assertEquals(key.publicKey.hex, pub);
    assertEquals(signBytes(key, Uint8Array.fromHex(text)).toHex(), sig);
    agree(key.publicKey, Uint8Array.fromHex(text), Uint8Array.fromHex(sig), true);
  }
});

Deno.test("both implementations make the same keys and signatures, and verify each other's", () => {
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes32, fc.uint8Array({ maxLength: 300 }), (seed, text) => {
      const key = new PrivateKey(seed);
      const sig = signBytes(key, text);
      assertEquals(key.publicKey.raw, oracle.oraclePublicKey(seed));
      assertEquals(sig, oracle.oracleSign(seed, text));
      agree(key.publicKey, text, sig, true);
    }),
    { numRuns: 30 },
  );
});

Deno.test("an empty and a large message are signed and verified", () => {
  for (const text of [new Uint8Array(), new Uint8Array(1 << 20).fill(7)]) {
    agree(publicKey, text, signBytes(privateKey, text), true);
    assertFalse(verifyBytes(publicKey, text, signature));
  }
});

Deno.test("one changed bit anywhere in the signature makes it false", () => {
  for (let bit = 0; bit < 512; bit++) {
    const changed = signature.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assertFalse(verifyBytes(publicKey, message, changed), `bit ${bit}`);
    if (bit % 8 === 0) agree(publicKey, message, changed, false);
  }
});

Deno.test("one changed bit in the message or in the key makes it false", () => {
  for (let bit = 0; bit < message.length * 8; bit++) {
    const changed = message.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assertFalse(verifyBytes(publicKey, changed, signature), `bit ${bit} of the message`);
  }
  for (let bit = 0; bit < 256; bit++) {
    const changed = publicKey.raw;
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const key = publicKeyFromRaw(changed);
    assertFalse(verifyBytes(key, message, signature), `bit ${bit} of the key`);
  }
});

Deno.test("a signature of any other length is false", () => {
  for (const length of [0, 1, 32, 63, 65, 96, 128]) {
    const sig = new Uint8Array(length);
    sig.set(signature.subarray(0, length));
    agree(publicKey, message, sig, false);
  }
});

Deno.test("a second half that is not below the group's order is false, so no signature has a twin", () => {
  const withS = (s: bigint) => oracle.concat(R, oracle.bytes32(s));
  agree(publicKey, message, withS(S), true);
  for (let twin = S + oracle.L; twin < 2n ** 256n; twin += oracle.L) {
    agree(publicKey, message, withS(twin), false);
  }
  for (const s of [0n, 1n, oracle.L - 1n, oracle.L, oracle.L + 1n, 2n ** 252n, 2n ** 256n - 1n]) {
    agree(publicKey, message, withS(s), false);
  }
});

Deno.test("the neutral point as first half is accepted in its canonical encoding only", () => {
  // Only the key's owner can make these: S = k * a for a nonce of zero.
  const sign = (r: Uint8Array) => {
    const k = oracle.challenge(r, publicKey.raw, message);
    return oracle.concat(r, oracle.bytes32(k * oracle.scalarOf(seed) % oracle.L));
  };
  const [neutral] = oracle.smallOrderPoints();
  agree(publicKey, message, sign(neutral!.toBytes()), true);
  for (const r of oracle.nonCanonicalSmallOrder()) agree(publicKey, message, sign(r), false);
});

Deno.test("a first half with a part of small order is false, where the oracle is laxer", () => {
  // The oracle multiplies by the cofactor, which RFC 8032 leaves open; we do not. Again only the key's
  // owner can make such a signature, so being stricter shuts out nobody.
  const nonce = 123456789n;
  for (const [i, point] of oracle.smallOrderPoints().entries()) {
    const r = oracle.timesBase(nonce).add(point).toBytes();
    const k = oracle.challenge(r, publicKey.raw, message);
    const s = oracle.bytes32((nonce + k * oracle.scalarOf(seed)) % oracle.L);
    const sig = oracle.concat(r, s);
    assert(oracle.strictVerify(publicKey.raw, message, sig));
    assertEquals(verifyBytes(publicKey, message, sig), i === 0);
  }
});

Deno.test("for keys of small order every signature is false", () => {
  const keys = [
    ...oracle.smallOrderPoints().map((point) => point.toBytes()),
    ...oracle.nonCanonicalSmallOrder(),
  ];
  assertEquals(new Set(keys.map((key) => key.toHex())).size, 14);
  const zero = new Uint8Array(32);
  for (const raw of keys) {
    const key = publicKeyFromRaw(raw);
    for (const r of keys) {
      // With S = 0 the equation R = -kA holds for an eighth of all messages or more.
      for (let n = 0; n < 8; n++) {
        assertFalse(verifyBytes(key, new Uint8Array([n]), oracle.concat(r, zero)), key.hex);
      }
      assertFalse(oracle.strictVerify(raw, message, oracle.concat(r, zero)));
    }
  }
});

Deno.test("for keys that are no canonical encoding of a point every signature is false", () => {
  const p = 2n ** 255n - 19n;
  for (const y of [2n, 7n, p, p + 1n, p + 2n, p + 3n, p + 18n, 2n ** 256n - 1n]) {
    const key = publicKeyFromRaw(oracle.bytes32(y));
    for (const r of oracle.smallOrderPoints()) {
      agree(key, message, oracle.concat(r.toBytes(), new Uint8Array(32)), false);
    }
    agree(key, message, signature, false);
  }
});

Deno.test("random keys and signatures are false to both", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(fc.property(bytes(32), bytes(64), (raw, sig) => {
    agree(publicKeyFromRaw(raw), message, sig, false);
  }));
});
