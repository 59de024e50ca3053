import { assertEquals, assertFalse, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { MeshError } from "../../../lib/error.ts";
import {
  generateKeyPair,
  parsePrivateKeyPem,
  PrivateKey,
} from "../../../lib/identity/private_key.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\n" +
  "MC4CAQAwBQYDK2VwBCIEIGgf4RnjQfi6uFSn0i0hrbkRsXvM/2s57S4Qka79rDd3\n" +
  "-----END PRIVATE KEY-----\n";
const SEED = "681fe119e341f8bab854a7d22d21adb911b17bccff6b39ed2e1091aefdac3777";

/** The text is refused, and no error says any of it. */
function refuses(text: string, message: string): MeshError {
  const error = assertThrows(() => parsePrivateKeyPem(text), MeshError, message);
  assertEquals(error.code, "bad_key");
  const said = Deno.inspect(error) + error.hint + String(error.cause);
  for (const line of text.split(/\r?\n/).filter((line) => !line.includes("-----"))) {
    if (line.length >= 8) assertFalse(said.includes(line.trim()), "The error quotes the key");
  }
  return error;
}

Deno.test("a private key is read and written as OpenSSL writes it", () => {
  const key = parsePrivateKeyPem(PEM);
  assertEquals(key.exportSecretPem(), PEM);
  assertEquals(key.exportSecretDer(), "302e020100300506032b657004220420" + SEED);
  assertEquals(
    key.publicKey.hex,
    "153fffc5223cf05603c2aeb5d01448808180f5d46760f19e112466891be7d349",
  );
  assertEquals(new PrivateKey(Uint8Array.fromHex(SEED)).exportSecretPem(), PEM);
});

Deno.test("CRLF and a missing final newline are read", () => {
  for (const text of [PEM.replaceAll("\n", "\r\n"), PEM.trimEnd()]) {
    assertEquals(parsePrivateKeyPem(text).exportSecretPem(), PEM);
  }
});

Deno.test("new keys differ, and the platform agrees about both halves", () => {
  const { privateKey, publicKey } = generateKeyPair();
  assertNotEquals(publicKey.hex, generateKeyPair().publicKey.hex);
  const platform = createPrivateKey(privateKey.exportSecretPem());
  assertEquals(platform.export({ type: "pkcs8", format: "pem" }), privateKey.exportSecretPem());
  const spki = createPublicKey(platform).export({ type: "spki", format: "pem" });
  assertEquals(spki, publicKey.pem);
  assertEquals(privateKey.publicKey, publicKey);
});

Deno.test("a key that the platform made is read", () => {
  const pair = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  assertEquals(parsePrivateKeyPem(pair.privateKey).publicKey.pem, pair.publicKey);
});

Deno.test("nothing that prints values prints the secret", () => {
  const { privateKey } = generateKeyPair();
  const secret = privateKey.exportSecretDer().slice(-64);
  const base64 = privateKey.exportSecretPem().split("\n")[1]!;
  const prints = [
    String(privateKey),
    privateKey + "",
    JSON.stringify(privateKey),
    JSON.stringify({ deep: [privateKey] }),
    Deno.inspect(privateKey, { showHidden: true, depth: 10 }),
    Deno.inspect({ deep: [privateKey] }),
    inspect(privateKey, { showHidden: true, depth: 10 }),
    JSON.stringify(Object.entries(privateKey)),
    JSON.stringify(structuredClone({ ...privateKey, publicKey: undefined })),
    Deno.inspect(new Error("x", { cause: privateKey })),
  ];
  const bytes = Uint8Array.fromHex(secret).join(", ").slice(0, 20);
  for (const print of prints) {
    for (const form of [secret, base64, base64.slice(-40), bytes]) {
      assertFalse(print.includes(form), "The secret is printed");
    }
  }
  assertMatch(prints[0]!, /^\[private key\]$/);
  assertEquals(prints[4], "[private key]");
});

Deno.test("the key does not change with the bytes it was made of", () => {
  const seed = Uint8Array.fromHex(SEED);
  const key = new PrivateKey(seed);
  seed.fill(0);
  assertEquals(key.exportSecretPem(), PEM);
});

Deno.test("a seed of any other length is refused", () => {
  for (const length of [0, 31, 33, 64]) {
    const error = assertThrows(() => new PrivateKey(new Uint8Array(length)), MeshError);
    assertEquals([error.code, error.message], [
      "bad_key",
      `Private key of ${length} bytes instead of 32`,
    ]);
  }
});

Deno.test("keys of other kinds are refused by their name, and never quoted", () => {
  const pem = { type: "pkcs8", format: "pem" } as const;
  const make = (key: ReturnType<typeof createPrivateKey>) => String(key.export(pem));
  refuses(make(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey), "it is an RSA key");
  refuses(make(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey), "(ECDSA) key");
  refuses(make(generateKeyPairSync("x25519").privateKey), "it is an X25519 key");
  refuses(
    PEM.replaceAll("PRIVATE KEY", "OPENSSH PRIVATE KEY"),
    'it is labelled "OPENSSH PRIVATE KEY" instead of "PRIVATE KEY"',
  );
  refuses(PEM.replaceAll("PRIVATE KEY", "PUBLIC KEY"), 'it is labelled "PUBLIC KEY"');
});

Deno.test("a key under a passphrase is refused with the command that mends it", () => {
  const encrypted = PEM.replaceAll("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
  const error = refuses(encrypted, "Cannot read the private key: it is protected by a passphrase");
  assertMatch(error.hint!, /^openssl pkey -in /);
  refuses(
    PEM.replace("MC4", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMC4"),
    "it is protected by a passphrase",
  );
});

Deno.test("damaged text is refused and never quoted", () => {
  const base64 = PEM.split("\n")[1]!;
  for (
    const text of [
      "",
      base64,
      PEM + PEM,
      "x\n" + PEM,
      PEM + "x",
      PEM.replace(base64, base64.slice(0, -1)),
      PEM.replace(base64, base64.slice(0, -4)),
      PEM.replace(base64, base64 + base64),
      PEM.replace(base64, base64.slice(0, 20) + "\n" + base64.slice(20)),
      PEM.replace(base64, base64.slice(0, 20) + "!" + base64.slice(20)),
      PEM.replace(base64, ""),
      PEM.slice(0, 80),
      "\0".repeat(1000),
      "A".repeat(1 << 20),
    ]
  ) refuses(text, "Cannot read the private key: it");
});
