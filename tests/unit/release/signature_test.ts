import { assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { generateKeyPair } from "../../../lib/identity/private_key.ts";
import { parseReleaseKey, type ReleaseKey } from "../../../lib/release/key.ts";
import {
  checkSignature,
  formatSignature,
  parseSignature,
  signedComment,
} from "../../../lib/release/signature.ts";
import { signBytes } from "../../../lib/signing/ed25519.ts";
import { generateReleaseKey } from "../../../scripts/release/secret_key.ts";
import { signRelease } from "../../../scripts/release/sign.ts";

const pair = generateReleaseKey();
const bytes = new TextEncoder().encode("some sums\n");
const text = signRelease(bytes, "mesh 1.2.3", pair);

/** Made once by minisign 0.11, of "hello from minisign". */
const MINISIGN = `untrusted comment: made by minisign
RUTU12AG3ZJAI4+VABl+xR2nK519vxfj3a9fpn/qDSnMWyyKuvlqMHtxlZFa2GjQYZfjLriF9G8LmS3Lk57if/c3gbKaeY8p7gU=
trusted comment: release 1
9mZKo2/IEKq8kflhh+uF4dH9PTvZB3WYstE7an6WZhO3QhE0q/HAUPALFzKVCbmmkvNYl137/IxFYT5eUblsCA==
`;

function check(signature: string, file: Uint8Array = bytes, key: ReleaseKey = pair): void {
  checkSignature(file, parseSignature(new TextEncoder().encode(signature)), key);
}

function refusal(run: () => void): [code: string, message: string] {
  const { code, message } = assertThrows(run, MeshError);
  return [code, message];
}

Deno.test("what was signed is recognised, with either line break", () => {
  check(text);
  check(text.replaceAll("\n", "\r\n"));
  assertEquals(parseSignature(new TextEncoder().encode(text)).trustedComment, "mesh 1.2.3");
});

Deno.test("the same release is signed in the same way", () => {
  assertEquals(signRelease(bytes, "mesh 1.2.3", pair), text);
});

Deno.test("the older kind of signature, of the file itself, is recognised as well", () => {
  const signature = new Uint8Array(signBytes(pair.privateKey, bytes));
  const parts = { signature, trustedComment: "old" };
  const commentSignature = new Uint8Array(signBytes(pair.privateKey, signedComment(parts)));
  const old = { ...parts, algorithm: "Ed", keyId: pair.id, commentSignature } as const;
  check(formatSignature(old, "x"));
  // It is not enough to say that it is of the other kind.
  const [code] = refusal(() => check(formatSignature({ ...old, algorithm: "ED" }, "x")));
  assertEquals(code, "bad_signature");
});

Deno.test("another file, another key, another comment are refused, each by its name", () => {
  assertEquals(refusal(() => check(text, bytes.slice(1))), [
    "bad_signature",
    "The list of sums is not the one that was signed",
  ]);
  const other = generateReleaseKey();
  assertEquals(refusal(() => check(text, bytes, other)), [
    "bad_signature",
    `The signature was made with key ${pair.id}, not with ${other.id}`,
  ]);
  // Ids can be chosen; keys cannot.
  const posing = { id: pair.id, publicKey: generateKeyPair().publicKey };
  assertEquals(refusal(() => check(text, bytes, posing))[0], "bad_signature");
  assertEquals(refusal(() => check(text.replace("mesh 1.2.3", "mesh 1.2.4"))), [
    "bad_signature",
    "The comment in the signature is not the signer's",
  ]);
});

Deno.test("the comment that nobody signed says nothing", () => {
  check(text.replace(/^untrusted comment: .*/, "untrusted comment: x"));
});

Deno.test("no changed byte of a signature passes", () => {
  for (const line of [1, 3]) {
    const lines = text.split("\n");
    const whole = Uint8Array.fromBase64(lines[line]!);
    for (let index = 0; index < whole.length; index++) {
      const other = whole.slice();
      other[index]! ^= 4;
      const changed = lines.with(line, other.toBase64()).join("\n");
      const [code] = refusal(() => check(changed));
      assertEquals(["bad_signature", "malformed"].includes(code), true, `${line} ${index}`);
    }
  }
});

Deno.test("what has another form is refused before anything is computed", () => {
  const lines = text.split("\n");
  const wrong = [
    "",
    "-----BEGIN PGP SIGNATURE-----\n",
    lines.slice(0, 2).join("\n"),
    text + "more\n",
    lines.with(1, lines[1]!.slice(4)).join("\n"),
    lines.with(1, `${lines[1]} `).join("\n"),
    lines.with(2, "comment: x").join("\n"),
    lines.with(3, lines[3]!.replace("==", "")).join("\n"),
    text + "x".repeat(20_000),
  ];
  for (const one of wrong) assertEquals(refusal(() => check(one))[0], "malformed", one);
});

Deno.test("a signature that minisign made is recognised", () => {
  const key = parseReleaseKey("RWTU12AG3ZJAI4QI7T+dDr9zibRYoJt+uBYJCcpLCObR8r0T8M3f+ve0");
  check(MINISIGN, new TextEncoder().encode("hello from minisign\n"), key);
});
