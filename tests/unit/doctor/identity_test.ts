import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { identity } from "../../../lib/doctor/identity.ts";
import { MeshError } from "../../../lib/error.ts";
import { loadIdentity } from "../../../lib/mesh/identity.ts";
import { openMeshState } from "../../../lib/mesh/state.ts";
import { only, TempNode } from "./nodes.ts";

const POSIX = Deno.build.os !== "windows";

Deno.test("a sound identity is ok and names the node and its key", async () => {
  await using node = await TempNode.named("stan");
  const found = only(await node.run(identity));
  assertEquals(found.level, "ok");
  assertStringIncludes(found.message, '"stan"');
  assertStringIncludes(found.message, (await node.card()).fingerprint);
});

Deno.test("without an identity the way to one is named", async () => {
  await using node = await TempNode.empty();
  const found = only(await node.run(identity, { nameRoot: true }));
  assertEquals([found.level, found.fix], ["failure", `mesh init --state-dir ${node.root}`]);
});

Deno.test("a key without an identity is said to be taken over", async () => {
  await using node = await TempNode.named("stan");
  await Deno.remove(`${node.root}/identity.json`);
  const found = only(await node.run(identity));
  assertEquals([found.level, found.fix], ["failure", "mesh init"]);
  assertStringIncludes(found.message, "private key");
});

Deno.test("a damaged identity is made anew with the names that are still legible", async () => {
  await using node = await TempNode.named("stan", "http://10.0.0.7:8787");
  await node.edit({ display_name: "Stan's; machine" });
  const text = await node.read("identity.json");
  await node.write("identity.json", text.slice(0, -20));
  const fix = "mesh init --agent-id stan --display-name 'Stan'\\''s; machine' " +
    "--endpoint http://10.0.0.7:8787";
  // The first run sets the file aside, and the second one finds it there.
  for (let run = 1; run <= 2; run++) {
    const found = only(await node.run(identity));
    assertEquals([found.level, found.fix], ["failure", fix]);
    assertStringIncludes(found.message, "identity.json.corrupt-");
    assertStringIncludes(found.message, "still there");
  }
  await Deno.remove(`${node.root}/private_key.pem`);
  assertStringIncludes(only(await node.run(identity)).message, "missing, too");
});

Deno.test("what a damaged file says is never taken for a flag", async () => {
  await using node = await TempNode.empty();
  await node.write(
    "identity.json.corrupt-20260101T000000Z",
    '{"agent_id": "--force", "endpoint": "ftp://x", "display_name": "x\\u0000',
  );
  assertEquals(only(await node.run(identity)).fix, "mesh init");
});

Deno.test("an identity with a wrong field is to be edited", async () => {
  await using node = await TempNode.named("stan");
  await node.edit({ agent_id: "../stan" });
  const found = only(await node.run(identity));
  assertEquals([found.level, found.fix], ["failure", `edit ${node.root}/identity.json`]);
  assertStringIncludes(found.message, "agent_id");
});

Deno.test({
  name: "a key that others can read is a failure with the chmod that mends it",
  ignore: !POSIX,
  fn: async () => {
    await using node = await TempNode.named("stan");
    const path = `${node.root}/private_key.pem`;
    await Deno.chmod(path, 0o640);
    const found = only(await node.run(identity));
    assertEquals([found.level, found.fix], ["failure", `chmod 600 '${path}'`]);
    await Deno.chmod(path, 0o600);
    assertEquals(only(await node.run(identity)).level, "ok");
  },
});

Deno.test({
  name: "a key that others can read and that is another node's is both",
  ignore: !POSIX,
  fn: async () => {
    await using node = await TempNode.named("stan");
    await using other = await TempNode.named("kyle");
    await Deno.remove(`${node.root}/private_key.pem`);
    await node.write("private_key.pem", await other.read("private_key.pem"), 0o644);
    const found = await node.run(identity);
    assertEquals(found.map(({ level }) => level), ["failure", "failure"]);
    assertStringIncludes(found[1]!.message, "not the key of identity.json");
    await node.write("private_key.pem", "-----BEGIN");
    await Deno.chmod(`${node.root}/private_key.pem`, 0o644);
    assertStringIncludes((await node.run(identity))[1]!.message, "cannot be used");
  },
});

Deno.test("whatever stops a node from being opened is a failure", async () => {
  await using other = await TempNode.named("kyle");
  const otherKey = await other.read("private_key.pem");
  const faults: ((node: TempNode) => Promise<void>)[] = [
    (node) => Deno.remove(`${node.root}/private_key.pem`),
    (node) => node.write("private_key.pem", otherKey),
    (node) => node.write("private_key.pem", ""),
    (node) => node.write("private_key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n"),
    (node) => node.edit({ public_key: "-----BEGIN PUBLIC KEY-----" }),
    (node) => node.edit({ protocol: "openclaw-agent-mesh/v9" }),
  ];
  for (const spoil of faults) {
    await using node = await TempNode.named("stan");
    await spoil(node);
    await assertRejects(() => loadIdentity(openMeshState(node.root)), MeshError);
    const levels = (await node.run(identity)).map(({ level }) => level);
    assertEquals(levels.includes("failure"), true, `${spoil}: ${levels}`);
  }
});

Deno.test("a fingerprint that is not that of the key is a failure that names the right one", async () => {
  await using node = await TempNode.named("stan");
  const { fingerprint } = await node.card();
  await node.edit({ fingerprint: `sha256:${"0".repeat(64)}` });
  const found = only(await node.run(identity));
  assertEquals(found.level, "failure");
  assertStringIncludes(found.fix!, fingerprint);
});

Deno.test("a public key file that tells otherwise is a warning", async () => {
  await using node = await TempNode.named("stan");
  for (const spoil of [() => node.write("public_key.pem", "x"), remove]) {
    await spoil();
    const found = only(await node.run(identity));
    assertEquals(found.level, "warning");
    assertEquals(
      found.fix,
      `openssl pkey -in ${node.root}/private_key.pem -pubout -out ${node.root}/public_key.pem`,
    );
  }

  function remove(): Promise<void> {
    return Deno.remove(`${node.root}/public_key.pem`);
  }
});
