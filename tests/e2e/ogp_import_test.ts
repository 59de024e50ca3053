import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { encryptedKey, originalKey, originalPeer } from "../unit/ogp/import/originals.ts";
import { TestNode } from "./node.ts";

/** The folder of OGP's own program in a node's home, as 0.7 leaves it on Linux. */
async function original(node: TestNode, changes: Record<string, unknown> = {}) {
  const pair = originalKey();
  const folder = `${node.home}/.ogp`;
  await Deno.mkdir(folder, { mode: 0o700 });
  const files: Record<string, unknown> = {
    "config.json": {
      daemonPort: 18790,
      openclawUrl: "http://localhost:18789",
      openclawToken: "tok-123",
      gatewayUrl: "https://gw.example.com",
      displayName: "Ann's gateway",
      email: "ann@example.com",
      stateDir: "~/.ogp",
      agentComms: { defaultLevel: "summary" },
    },
    "keypair.json": encryptedKey(pair, "tok-123", "openclawToken"),
    "peers.json": [
      originalPeer({ displayName: "Stan", alias: "stan" }),
      originalPeer({ displayName: "Leo", id: "leo.example.com:18790", status: "pending" }),
      originalPeer({
        displayName: "Weak",
        publicKey: "302a300506032b6570032100" + "00".repeat(32),
      }),
    ],
    "projects.json": [{ id: "app", name: "The app" }],
    ...changes,
  };
  for (const [name, value] of Object.entries(files)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o600 });
  }
  return { pair, folder };
}

Deno.test("a gateway moves in with its key, its configuration and its peers", async (t) => {
  await using ann = await TestNode.empty("ann");
  const { pair } = await original(ann);

  await t.step("a dry run says what would be taken, and leaves no trace", async () => {
    const { stdout } = await ann.run(["ogp", "import", "--dry-run"], { code: 4 });
    assertStringIncludes(stdout, "Nothing was changed: this was a dry run.");
    assertEquals(await Deno.stat(ann.state).then(() => true, () => false), false);
  });

  await t.step("the import says of each thing what became of it, and never a secret", async () => {
    const { stdout, stderr } = await ann.run(["ogp", "import"], { code: 4 });
    assertMatch(stdout, /^taken +keypair\.json +as this node's identity, agent-/m);
    assertMatch(stdout, /^taken +config\.json +gatewayUrl +https:\/\/gw\.example\.com$/m);
    assertMatch(stdout, /^taken +config\.json +openclawToken +a token$/m);
    assertMatch(stdout, /^taken +peers\.json +stan +approved, with the rights of version 0\.1$/m);
    assertMatch(stdout, /^taken +peers\.json +Leo +a request for you to decide on$/m);
    assertMatch(stdout, /^not taken +peers\.json +Weak +The public key is a point of small order/m);
    assertMatch(stdout, /^kept for later +projects\.json +1 project: in ogp\/imported/m);
    assertMatch(stdout, /^kept for later +config\.json +agentComms: in ogp\/imported/m);
    assertMatch(stdout, /^not needed +config\.json +stateDir /m);
    assertMatch(stderr, /^next: /m);
    for (const secret of ["tok-123", pair.privateKey]) assert(!(stdout + stderr).includes(secret));
  });

  await t.step("it is the same gateway to its peers", async () => {
    const status = await ann.json(["ogp", "status"]);
    assertEquals(status.publicKey, pair.publicKey);
    assertEquals([status.displayName, status.config.email], ["Ann's gateway", "ann@example.com"]);
    const peers = await ann.json(["ogp", "federation", "list"]);
    const named = peers.map(({ displayName, alias, id, status }: Record<string, unknown>) => [
      displayName,
      alias ?? null,
      status,
      id === "leo.example.com:18790",
    ]);
    assertEquals(named.sort(), [
      ["Leo", null, "pending", true],
      ["Stan", "stan", "approved", false],
    ]);
    const { mode } = await Deno.stat(`${ann.state}/ogp/imported/config.json`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
  });

  await t.step("once more, everything is there already", async () => {
    const { counts } = await ann.json(["ogp", "import"], { code: 4 });
    assertEquals([counts.taken, counts.later, counts.refused], [0, 0, 1]);
  });

  await t.step("with --force peers and configuration are replaced, never the key", async () => {
    await ann.run(["ogp", "setup", "--email", "new@example.com"]);
    const { findings } = await ann.json(["ogp", "import", "--force"], { code: 4 });
    const fateOf = (item: string) =>
      findings.find((one: { item: string }) => one.item === item)?.fate;
    assertEquals([fateOf("email"), fateOf("stan"), fateOf("")], ["taken", "taken", "there"]);
    assertEquals((await ann.json(["ogp", "status"])).config.email, "ann@example.com");
  });
});

Deno.test("a node with a key of its own keeps it, and is told what that means", async () => {
  await using ann = await TestNode.named("ann");
  await original(ann);
  const own = await Deno.readTextFile(`${ann.state}/private_key.pem`);
  const { findings } = await ann.json(["ogp", "import"], { code: 4 });
  const key = findings.find(({ file }: { file: string }) => file === "keypair.json");
  assertEquals(key.fate, "refused");
  assertStringIncludes(key.detail, "federate with them anew");
  assertEquals(await Deno.readTextFile(`${ann.state}/private_key.pem`), own);
});

Deno.test("a key whose secret is not there is explained, and opened with the owner's", async () => {
  await using ann = await TestNode.empty("ann");
  const pair = originalKey();
  const { folder } = await original(ann, {
    "config.json": { displayName: "Ann" },
    "keypair.json": encryptedKey(pair, "pass phrase", "env"),
    "peers.json": [],
  });
  const { stdout } = await ann.run(["ogp", "import", folder], { code: 4 });
  assertMatch(stdout, /^not taken +keypair\.json .*OGP_KEYPAIR_SECRET.*--secret-file FILE/m);
  const secret = ["ogp", "import", folder, "--secret-file", "-"];
  const wrong = await ann.run(secret, { stdin: "wrong", code: 4 });
  assertStringIncludes(wrong.stdout, "the secret does not open it");
  await ann.run(secret, { stdin: "pass phrase\n" });
  assertEquals((await ann.json(["ogp", "status"])).publicKey, pair.publicKey);
});

Deno.test("no folder, an empty one, and one that is all damaged", async () => {
  await using ann = await TestNode.empty("ann");
  const none = await ann.json(["ogp", "import"], { code: 3 });
  assertEquals(none.error, "not_found");
  assertStringIncludes(none.hint, "mesh ogp import FOLDER");
  assertEquals((await ann.json(["ogp", "import", ann.home], { code: 3 })).error, "not_found");
  const { folder } = await original(ann, {
    "config.json": "{",
    "keypair.json": "\u0000",
    "peers.json": "[{]",
    "projects.json": "",
  });
  await Deno.mkdir(`${folder}/intents.json`);
  const { counts, ok } = await ann.json(["ogp", "import"], {
    code: 4,
    env: { OGP_HOME: folder },
  });
  assertEquals([ok, counts], [false, { taken: 0, there: 0, later: 0, ignored: 0, refused: 5 }]);
});
