import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { fingerprintOf } from "../../../lib/identity/fingerprint.ts";
import { generateKeyPair } from "../../../lib/identity/private_key.ts";
import { initIdentity, loadIdentity } from "../../../lib/mesh/identity.ts";
import { readIdentity } from "../../../lib/mesh/identity_record.ts";
import { openMeshState } from "../../../lib/mesh/state.ts";
import { codeFrom, recordsIn, temporaryRoot } from "./parties.ts";

const ENDPOINT = { endpoint: "http://192.168.1.7:8787" };
const posix = Deno.build.os !== "windows";

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("init lays a new identity out as the original does", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(`${root.path}/deep/state`);
  const now = new Date("2026-03-12T18:05:00.789Z");
  const { identity, adoptedKey, backup } = await initIdentity(state, { ...ENDPOINT, now });
  assertEquals([adoptedKey, backup], [false, undefined]);
  assertMatch(identity.agent_id, /^agent-[0-9a-f]{12}$/);
  assertEquals(identity.display_name, identity.agent_id);
  assertEquals(identity.created_at, "2026-03-12T18:05:00Z");

  const files = await recordsIn(state.root);
  // The last is ours alone: the original does not look at it.
  const names = ["identity.json", "private_key.pem", "public_key.pem", "version.json"];
  assertEquals(Object.keys(files).sort(), names);
  assertEquals(files["identity.json"], JSON.stringify(identity, null, 2) + "\n");
  assertEquals(Object.keys(JSON.parse(files["identity.json"]!)), [
    "protocol",
    "agent_id",
    "display_name",
    "endpoint",
    "public_key",
    "fingerprint",
    "created_at",
  ]);
  assertEquals(files["public_key.pem"], identity.public_key);
  assertEquals(await fingerprintOf(identity.public_key), identity.fingerprint);
  assertMatch(files["private_key.pem"]!, /^-----BEGIN PRIVATE KEY-----\n/);
  if (posix) {
    assertEquals(await modeOf(state.root), 0o700);
    assertEquals(await modeOf(`${state.root}/private_key.pem`), 0o600);
    assertEquals(await modeOf(`${state.root}/identity.json`), 0o600);
  }
  const loaded = await loadIdentity(state);
  assertEquals(loaded.card.fingerprint, identity.fingerprint);
  assertEquals("created_at" in loaded.card, false);
});

Deno.test("names may be given, and are refused if no node could take them", async () => {
  await using root = await temporaryRoot();
  const wrong = [
    { agentId: "../x" },
    { agentId: "" },
    { agentId: "a\nb" },
    { agentId: "x".repeat(129) },
    // No node could name a record after it.
    { agentId: "я".repeat(100) },
    { displayName: "\x1b[2J" },
    { endpoint: "192.168.1.7:8787" },
    { endpoint: "http://user:secret@host" },
  ];
  for (const options of wrong) {
    const state = openMeshState(`${root.path}/wrong`);
    const error = await assertRejects(
      () => initIdentity(state, { ...ENDPOINT, ...options }),
      MeshError,
    );
    assertEquals(error.code, "usage");
    assert(!error.message.includes("secret"));
    assertEquals(await state.documents.has("identity"), false);
  }
  const state = openMeshState(`${root.path}/right`);
  const names = { agentId: "станция-7", displayName: "Anna's é中😀" };
  const { identity } = await initIdentity(state, { ...ENDPOINT, ...names });
  assertEquals([identity.agent_id, identity.display_name], [names.agentId, names.displayName]);
});

Deno.test("an identity that is there is not replaced without force, and kept with it", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  const { identity: old } = await initIdentity(state, ENDPOINT);
  const before = await recordsIn(root.path);
  assertEquals(await codeFrom(initIdentity(state, ENDPOINT)), "exists");
  assertEquals(await recordsIn(root.path), before);

  const { identity, backup, adoptedKey } = await initIdentity(state, { ...ENDPOINT, force: true });
  assertNotEquals(identity.fingerprint, old.fingerprint);
  assertEquals(adoptedKey, false);
  assert(backup !== undefined && backup.startsWith(`${root.path}/backups/identity-`));
  const { "version.json": _version, ...kept } = before;
  assertEquals(await recordsIn(backup), kept);
  if (posix) assertEquals(await modeOf(`${backup}/private_key.pem`), 0o600);
  assertEquals((await loadIdentity(state)).card.fingerprint, identity.fingerprint);
});

Deno.test("force without an identity is a plain init", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  assertEquals((await initIdentity(state, { ...ENDPOINT, force: true })).backup, undefined);
});

Deno.test("a key that is there without an identity is taken over", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  const { privateKey, publicKey } = generateKeyPair();
  await state.store.writeFile("private_key.pem", privateKey.exportSecretPem());
  const { identity, adoptedKey } = await initIdentity(state, ENDPOINT);
  assertEquals([adoptedKey, identity.public_key], [true, publicKey.pem]);
  assertEquals((await loadIdentity(state)).publicKey.hex, publicKey.hex);
});

Deno.test("a key that is none is not taken over, nor written over", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  await state.store.writeFile("private_key.pem", "half a key");
  const error = await assertRejects(() => initIdentity(state, ENDPOINT), MeshError);
  assertEquals(error.code, "bad_key");
  assert(!error.message.includes("half a key"));
  assertEquals(await Deno.readTextFile(`${root.path}/private_key.pem`), "half a key");
});

Deno.test({
  name: "a key that others can read stops the start, with the command that mends it",
  ignore: !posix,
}, async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  await initIdentity(state, ENDPOINT);
  const path = `${root.path}/private_key.pem`;
  for (const mode of [0o644, 0o640, 0o604, 0o660]) {
    await Deno.chmod(path, mode);
    const error = await assertRejects(() => loadIdentity(state), MeshError);
    assertEquals([error.code, error.hint], ["insecure_mode", `chmod 600 '${path}'`]);
  }
  for (const mode of [0o600, 0o400]) {
    await Deno.chmod(path, mode);
    await loadIdentity(state);
  }
});

Deno.test({
  name: "a key behind a link is judged by the file, not by the link",
  ignore: !posix,
}, async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(`${root.path}/state`);
  await initIdentity(state, ENDPOINT);
  const path = `${root.path}/state/private_key.pem`;
  const secret = `${root.path}/secret.pem`;
  await Deno.rename(path, secret);
  await Deno.symlink(secret, path);
  await loadIdentity(state);
  await Deno.chmod(secret, 0o644);
  assertEquals(await codeFrom(loadIdentity(state)), "insecure_mode");
});

Deno.test("parts that do not belong together are found", async (t) => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  const { identity } = await initIdentity(state, ENDPOINT);
  const other = generateKeyPair();
  const key = await Deno.readTextFile(`${root.path}/private_key.pem`);
  const spoil: Record<string, () => Promise<unknown>> = {
    "another key": () =>
      state.store.writeFile("private_key.pem", other.privateKey.exportSecretPem()),
    "no key": () => Deno.remove(`${root.path}/private_key.pem`),
    "another public key": () => writeIdentity({ public_key: other.publicKey.pem }),
    "another fingerprint": () => writeIdentity({ fingerprint: `sha256:${"0".repeat(64)}` }),
    "another protocol": () => writeIdentity({ protocol: "openclaw-agent-mesh/v2" }),
    "no agent id": () => writeIdentity({ agent_id: undefined }),
    "a path for an agent id": () => writeIdentity({ agent_id: "../x" }),
  };
  const writeIdentity = (changes: Record<string, unknown>) =>
    state.store.writeFile("identity.json", JSON.stringify({ ...identity, ...changes }));
  for (const [name, work] of Object.entries(spoil)) {
    await t.step(name, async () => {
      await work();
      assertEquals(await codeFrom(loadIdentity(state)), "damaged");
      await state.store.writeFile("private_key.pem", key);
      await writeIdentity({});
      await loadIdentity(state);
    });
  }
});

Deno.test("an identity of the original, with more or fewer keys, is read", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  const { identity } = await initIdentity(state, ENDPOINT);
  const { created_at: _, ...rest } = identity;
  const theirs = { ...rest, display_name: null, capabilities: ["chat"] };
  await Deno.writeTextFile(`${root.path}/identity.json`, JSON.stringify(theirs));
  const { card } = await loadIdentity(state);
  assertEquals(Object.keys(card), [
    "agent_id",
    "display_name",
    "endpoint",
    "public_key",
    "fingerprint",
  ]);
});

Deno.test("without an identity there is nothing to load, and the hint says what to do", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  for (const load of [readIdentity, loadIdentity]) {
    const error = await assertRejects(() => load(state), MeshError);
    assertEquals([error.code, error.hint], ["not_initialized", "mesh init"]);
  }
});

Deno.test("of several that start at once one makes the identity", async () => {
  await using root = await temporaryRoot();
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, () => initIdentity(openMeshState(root.path), ENDPOINT)),
  );
  const made = results.filter((result) => result.status === "fulfilled");
  assertEquals(made.length, 1);
  for (const result of results) {
    if (result.status === "rejected") assertEquals(result.reason.code, "exists");
  }
  const { card } = await loadIdentity(openMeshState(root.path));
  assertEquals(card.fingerprint, made[0]?.value.identity.fingerprint);
});

Deno.test("a crash before identity.json costs nothing: the next init takes the key over", async () => {
  await using root = await temporaryRoot();
  const state = openMeshState(root.path);
  const { identity } = await initIdentity(state, { ...ENDPOINT, agentId: "me" });
  await state.documents.delete("identity");
  const again = await initIdentity(state, { ...ENDPOINT, agentId: "me" });
  assertEquals([again.adoptedKey, again.identity.fingerprint], [true, identity.fingerprint]);
});
