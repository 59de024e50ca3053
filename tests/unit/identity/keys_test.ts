import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { MeshError } from "../../../lib/error.ts";
import {
  parsePublicKeyPem,
  publicKeyFromDerHex,
  publicKeyFromRaw,
} from "../../../lib/identity/keys.ts";

const BASE64 = "MCowBQYDK2VwAyEAFT//xSI88FYDwq610BRIgIGA9dRnYPGeESRmiRvn00k=";
const BEGIN = "-----BEGIN PUBLIC KEY-----";
const END = "-----END PUBLIC KEY-----";
const PEM = `${BEGIN}\n${BASE64}\n${END}\n`;
const HEX = "153fffc5223cf05603c2aeb5d01448808180f5d46760f19e112466891be7d349";

function refuses(text: string, message: string): void {
  const error = assertThrows(() => parsePublicKeyPem(text), MeshError, message);
  assertEquals(error.code, "bad_key", text);
}

Deno.test("a key has four forms that agree", () => {
  const key = parsePublicKeyPem(PEM);
  assertEquals(key.hex, HEX);
  assertEquals(key.raw.toHex(), HEX);
  assertEquals(key.der, "302a300506032b6570032100" + HEX);
  assertEquals(key.pem, PEM);
  for (const other of [publicKeyFromRaw(key.raw), publicKeyFromDerHex(key.der.toUpperCase())]) {
    assertEquals([other.hex, other.der, other.pem], [key.hex, key.der, key.pem]);
  }
});

Deno.test("a key cannot be changed through the bytes it gives out or was made of", () => {
  const raw = new Uint8Array(32).fill(9);
  const key = publicKeyFromRaw(raw);
  raw.fill(0);
  key.raw.fill(0);
  assertEquals(key.hex, "09".repeat(32));
});

Deno.test("what OpenSSL writes is read, and written in the same way", () => {
  for (let i = 0; i < 20; i++) {
    const pem = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" });
    assertEquals(publicKeyFromRaw(parsePublicKeyPem(String(pem)).raw).pem, pem);
  }
});

Deno.test("CRLF and a missing final newline are read, and the text is kept as it is", () => {
  for (
    const text of [PEM.trimEnd(), PEM.replaceAll("\n", "\r\n"), `${BEGIN}\n${BASE64}\r\n${END}`]
  ) {
    const key = parsePublicKeyPem(text);
    assertEquals([key.hex, key.pem], [HEX, text]);
  }
});

Deno.test("text around, between or in place of the lines is refused", () => {
  const cases = [
    "",
    " " + PEM,
    "\n" + PEM,
    "\ufeff" + PEM,
    "Subject: me\n" + PEM,
    PEM + "\n",
    PEM + " ",
    PEM + "\0",
    PEM + PEM,
    PEM.trimEnd() + PEM,
    PEM.replaceAll("\n", "\r"),
    PEM.replaceAll("\n", " "),
    PEM.replace(`${BEGIN}\n`, `${BEGIN}\n\n`),
    PEM.replace(`${BEGIN}\n`, `${BEGIN} \n`),
    PEM.replace(`${BEGIN}\n`, `${BEGIN}\nProc-Type: 4\n\n`),
    PEM.replace(BASE64, BASE64.slice(0, 30) + "\n" + BASE64.slice(30)),
    PEM.replace(BASE64, " " + BASE64),
    PEM.replace(BASE64, BASE64.replace("k=", "l=")),
    PEM.replace(BASE64, BASE64.replace("=", "")),
    PEM.replace(BASE64, BASE64.replaceAll("/", "_")),
    PEM.replace(BASE64, ""),
    PEM.replace(END, "-----END PRIVATE KEY-----"),
    `${BEGIN}\n${BASE64}`,
    BASE64,
    HEX,
  ];
  for (const text of cases) refuses(text, "Cannot read the public key: it");
});

Deno.test("a key with other bytes before or after is refused", () => {
  const der = Uint8Array.fromBase64(BASE64);
  const wrap = (bytes: Uint8Array) => PEM.replace(BASE64, bytes.toBase64());
  refuses(wrap(new Uint8Array([...der, 0])), "it is an Ed25519 key with more than the key in it");
  refuses(wrap(der.subarray(0, 43)), "it is an Ed25519 key with more");
  refuses(wrap(der.subarray(12)), "it is not an Ed25519 key");
  refuses(wrap(der.with(9, 4)), "Cannot read the public key");
});

Deno.test("keys of other algorithms are refused by their name", () => {
  const pem = (pair: { publicKey: KeyObject }) =>
    String(pair.publicKey.export({ type: "spki", format: "pem" }));
  const rsa = pem(generateKeyPairSync("rsa", { modulusLength: 2048 }));
  const ec = pem(generateKeyPairSync("ec", { namedCurve: "P-256" }));
  const x25519 = pem(generateKeyPairSync("x25519"));
  refuses(rsa, "it is an RSA key");
  refuses(ec, "it is an elliptic-curve (ECDSA) key");
  refuses(x25519, "it is an X25519 key");
  refuses(PEM.replaceAll("PUBLIC KEY", "RSA PUBLIC KEY"), 'it is labelled "RSA PUBLIC KEY"');
  refuses(PEM.replaceAll("PUBLIC KEY", "PRIVATE KEY"), 'it is labelled "PRIVATE KEY"');
});

Deno.test("a text of more than 1 KiB is not looked at", () => {
  refuses(PEM + " ".repeat(1024), "Public key of more than 1024 characters");
  refuses("x".repeat(1 << 24), "Public key of more than 1024 characters");
});

Deno.test("raw bytes and DER of any other length or content are refused", () => {
  for (const length of [0, 31, 33, 44, 64]) {
    const error = assertThrows(() => publicKeyFromRaw(new Uint8Array(length)), MeshError);
    assertEquals([error.code, error.message], [
      "bad_key",
      `Public key of ${length} bytes instead of 32`,
    ]);
  }
  const der = "302a300506032b6570032100" + HEX;
  const cases = [
    "",
    HEX,
    der + "00",
    der.slice(2),
    der.replace("6570", "656e"),
    der.slice(0, -1) + "g",
    "0x" + der.slice(2),
    " " + der.slice(1),
    "İ" + der.slice(1),
  ];
  for (const text of cases) {
    assertEquals(assertThrows(() => publicKeyFromDerHex(text), MeshError).code, "bad_key", text);
  }
});

Deno.test("random damage to a PEM text gives the same key or a MeshError", () => {
  fc.assert(fc.property(fc.nat({ max: PEM.length }), fc.string({ maxLength: 4 }), (at, junk) => {
    const text = PEM.slice(0, at) + junk + PEM.slice(at + junk.length);
    try {
      assertEquals(parsePublicKeyPem(text).pem, text);
    } catch (error) {
      assert(error instanceof MeshError && error.code === "bad_key", text);
    }
  }));
});
