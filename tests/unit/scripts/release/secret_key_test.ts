import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { formatReleaseKey, parseReleaseKey } from "../../../../lib/release/key.ts";
import { keyAtHand } from "../../../../scripts/release/key_at_hand.ts";
import {
  formatSecretKey,
  generateReleaseKey,
  parseSecretKey,
} from "../../../../scripts/release/secret_key.ts";
import { bakedText, makeReleaseKey } from "../../../../scripts/release_key.ts";

const PAIR = generateReleaseKey();
const TEXT = formatSecretKey(PAIR);

/** The text with some bytes of the key changed. */
function changed(offset: number, ...bytes: number[]): string {
  const whole = Uint8Array.fromBase64(TEXT.split("\n")[1]!);
  whole.set(bytes, offset);
  return `untrusted comment: x\n${whole.toBase64()}\n`;
}

Deno.test("what is written is read again, from the file or its line", () => {
  for (const text of [TEXT, TEXT.split("\n")[1]!, TEXT.replaceAll("\n", "\r\n")]) {
    const { id, privateKey, publicKey } = parseSecretKey(text);
    assertEquals([id, publicKey.hex], [PAIR.id, PAIR.publicKey.hex]);
    assertEquals(privateKey.exportSecretPem(), PAIR.privateKey.exportSecretPem());
  }
});

Deno.test("a secret key that cannot be used is refused, and the error shows nothing of it", () => {
  const wrong: [text: string, said: string][] = [
    ["", "is no secret key of minisign"],
    [formatReleaseKey(PAIR), "is no secret key of minisign"],
    [changed(0, 0), "is no secret key of minisign"],
    [changed(2, 83, 99), "is protected by a password"],
    [changed(2, 1, 1), "is damaged"],
    [changed(62, 1, 2, 3), "is damaged"],
    [changed(94, 1, 2, 3), "is damaged"],
  ];
  for (const [text, said] of wrong) {
    const { code, message } = assertThrows(() => parseSecretKey(text), MeshError);
    assertEquals([code, message], ["bad_key", `The release key ${said}`]);
  }
});

Deno.test("the key comes from the environment or from a file that nobody else can read", async () => {
  const folder = await Deno.makeTempDir({ prefix: "key-" });
  try {
    const file = `${folder}/key`;
    await Deno.writeTextFile(file, TEXT, { mode: 0o600 });
    const take = (env: Record<string, string>, expected = PAIR.publicKey) =>
      keyAtHand((name) => env[name], { id: PAIR.id, publicKey: expected });
    assertEquals(await take({}), undefined);
    assertEquals(await take({ MESH_RELEASE_KEY: "" }), undefined);
    assertEquals((await take({ MESH_RELEASE_KEY: TEXT }))?.id, PAIR.id);
    assertEquals((await take({ MESH_RELEASE_KEY_FILE: file }))?.id, PAIR.id);

    const code = async (env: Record<string, string>, expected = PAIR.publicKey) =>
      (await assertRejects(() => take(env, expected), MeshError)).code;
    assertEquals(await code({ MESH_RELEASE_KEY: TEXT, MESH_RELEASE_KEY_FILE: file }), "usage");
    assertEquals(await code({ MESH_RELEASE_KEY_FILE: `${file}x` }), "bad_key");
    assertEquals(await code({ MESH_RELEASE_KEY: TEXT }, generateReleaseKey().publicKey), "bad_key");
    if (Deno.build.os === "windows") return;
    await Deno.chmod(file, 0o640);
    assertEquals(await code({ MESH_RELEASE_KEY_FILE: file }), "insecure_mode");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a key is made once, and put where people and the program find it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "key-" });
  try {
    const places = { published: `${folder}/release-key.pub`, baked: `${folder}/baked_key.json` };
    const secret = `${folder}/secret`;
    const id = await makeReleaseKey(secret, places);
    const published = await Deno.readTextFile(places.published);
    assertEquals(parseReleaseKey(published).id, id);
    assertEquals(await Deno.readTextFile(places.baked), bakedText(published));
    const { publicKey } = JSON.parse(bakedText(published));
    assertEquals(parseReleaseKey(publicKey).id, id);
    assertEquals(parseSecretKey(await Deno.readTextFile(secret)).id, id);
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(secret)).mode! & 0o777, 0o600);

    for (const [file, code] of [[`${folder}/other`, "exists"], [undefined, "usage"]] as const) {
      const error = await assertRejects(() => makeReleaseKey(file, places), MeshError);
      assertEquals(error.code, code);
      assert(error.hint);
    }
    assertEquals(await Deno.readTextFile(places.published), published);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
