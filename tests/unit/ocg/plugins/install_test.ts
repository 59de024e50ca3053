/** Plugins that are installed, upgraded and removed, from a registry of folders. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type ErrorCode, MeshError } from "../../../../lib/error.ts";
import { installPlugin } from "../../../../lib/ocg/plugins/install.ts";
import { installedPlugins } from "../../../../lib/ocg/plugins/registry.ts";
import { removePlugin } from "../../../../lib/ocg/plugins/remove.ts";
import { denoRuntime } from "../../../../lib/ocg/plugins/runtime.ts";
import { openFileStore } from "../../../../lib/store/file_store.ts";
import { eventually } from "../../../e2e/eventually.ts";
import { Shelf } from "./shelf.ts";

const PACKAGES = "openclaw/2026.9.6/packages";

/** A plugin with as little as there can be. */
const SECOND = "export default { loadChannelPlugin: () => ({ id: 'second' }) };";

function install(shelf: Shelf, spec: string, signal?: AbortSignal) {
  return installPlugin(shelf.root, spec, { env: shelf.env, runtime: denoRuntime(), signal });
}

async function fails(work: Promise<unknown>, code: ErrorCode, words: string): Promise<MeshError> {
  const error = await assertRejects(() => work, MeshError, words);
  assertEquals(error.code, code);
  return error;
}

Deno.test("a plugin is in its place with its exact version, and nothing of it was run by npm", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  const { plugin, before } = await install(shelf, "@fake/plugin");
  assertEquals(before, undefined);
  assertEquals({ ...plugin, installedAt: "" }, {
    ...{ channel: "fake", label: "Fake Chat", package: "@fake/plugin", version: "1.0.0" },
    integrity: "sha512-@fake/plugin-1.0.0",
    openclaw: {
      version: "2026.9.6",
      integrity: "sha512-openclaw-2026.9.6",
      node: ">=24.16.0 <25 || >=26.1.0",
    },
    ...{ maxLength: 1234, media: false, qrLogin: true, installedAt: "" },
  });
  assertEquals(await installedPlugins(shelf.root), [plugin]);
  const installs = (await shelf.asked()).filter((line) => line.startsWith("install"));
  assertEquals(installs.map((line) => line.split(" ")[1]), [
    "openclaw@2026.9.6",
    "@fake/plugin@1.0.0",
  ]);
  assert(installs.every((line) => line.includes(" --ignore-scripts ")));
  assertEquals(await shelf.files(), [
    ...["installed", "installed/fake.json", "openclaw", "openclaw/2026.9.6", PACKAGES],
    `${PACKAGES}/@fake+plugin@1.0.0`,
  ]);
});

Deno.test("installed again, it is upgraded, and OpenClaw is not installed twice", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  await shelf.stock("@fake/plugin", { version: "1.1.0", entry: "handing_out.js" });
  await install(shelf, "@fake/plugin@1.0.0");
  const { plugin, before } = await install(shelf, "@fake/plugin");
  assertEquals([plugin.version, before, plugin.media], ["1.1.0", "1.0.0", true]);
  const files = await shelf.files();
  assertEquals(files.filter((path) => path.includes("+plugin")), [
    `${PACKAGES}/@fake+plugin@1.1.0`,
  ]);
  await install(shelf, "@fake/plugin@1.1.0");
  assertEquals(await shelf.files(), files);
  const asked = await shelf.asked();
  assertEquals(asked.filter((line) => line.startsWith("install openclaw")).length, 1);
});

Deno.test("what cannot be installed leaves everything as it was, and says what to do", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  await install(shelf, "@fake/plugin");
  const before = [await shelf.files(), await installedPlugins(shelf.root)];
  const newer = { openclaw: { channel: { id: "new" }, install: { minHostVersion: ">=2027.1.1" } } };
  await shelf.stock("newer", { more: newer });
  await shelf.stock("peer", {
    channel: "peer",
    more: { peerDependencies: { openclaw: "^2025.1.1" } },
  });
  await shelf.stock("library", { channel: null });
  await shelf.stock("rival");
  await shelf.stock("broken", { channel: "broken", entry: "import 'openclaw/plugin-sdk/gone';" });
  await shelf.stock("other", { channel: "promised" });
  await shelf.stock("empty", { channel: "empty", entry: "export default { register() {} };" });
  await shelf.stock("swapped", { channel: "swapped", more: { swapped: true } });
  await shelf.stock("@fake/plugin", {
    version: "2.0.0",
    entry: "throw new Error('half an hour of work');",
  });
  const cases: readonly [spec: string, code: ErrorCode, words: string][] = [
    ["missing", "not_found", 'The registry has no package "missing"'],
    ["@fake/plugin@9", "not_found", 'The registry has no package "@fake/plugin@9"'],
    ["library", "refused", 'Package "library@1.0.0" brings no chat channel'],
    ["newer", "refused", 'Package "newer@1.0.0" needs OpenClaw >=2027.1.1'],
    ["peer", "refused", 'Package "peer@1.0.0" needs OpenClaw ^2025.1.1'],
    ["rival", "exists", 'The channel "fake" is brought by "@fake/plugin" already'],
    ["broken", "refused", 'Package "broken@1.0.0" does not work with OpenClaw 2026.9.6: '],
    ["other", "refused", 'The package brings the channel "fake", not "promised"'],
    ["empty", "refused", "does not work with OpenClaw"],
    ["swapped", "refused", 'What npm installed as "swapped@1.0.0" is something else'],
    ["@fake/plugin", "refused", "half an hour of work"],
    ["../fake", "usage", '"../fake" is not the name of a package'],
    ["https://fake.example/x.tgz", "usage", "is not the name of a package"],
  ];
  for (const [spec, code, words] of cases) {
    const { message } = await fails(install(shelf, spec), code, words);
    assert(!message.includes("pages of explanation"));
    assertEquals((await shelf.files()).filter((path) => path !== "npm.log"), before[0]);
    assertEquals(await installedPlugins(shelf.root), before[1]);
  }
});

Deno.test("npm's failures are one sentence, and its pages are in a file", async () => {
  await using shelf = await Shelf.open();
  const cases: readonly [spec: string, code: ErrorCode, words: string][] = [
    ["offline", "unavailable", "npm cannot reach its registry (ENOTFOUND)"],
    ["crowded", "disk_full", 'There is no room to install "crowded"'],
    ["tampered", "refused", 'What came as "tampered" is not what the registry says it is'],
    ["strange", "unavailable", 'npm could not install "strange" (EWHATEVER)'],
  ];
  for (const [spec, code, words] of cases) {
    const { message, hint } = await fails(install(shelf, spec), code, words);
    assertEquals(message, words);
    assertEquals(hint, `see ${shelf.root}/ocg/plugins/npm.log`);
    const log = await Deno.readTextFile(`${shelf.root}/ocg/plugins/npm.log`);
    assertStringIncludes(log, "pages of explanation");
  }
  await shelf.loseNpm();
  await fails(install(shelf, "any"), "unavailable", "There is no npm on the PATH");
});

Deno.test("an installation that is interrupted leaves nothing, and one that was cut short is swept", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  const abort = new AbortController();
  const endless = install(shelf, "endless", abort.signal);
  await eventually("npm works", async () => {
    return (await shelf.asked().catch(() => [])).length > 0;
  }, 60_000);
  await fails(install(shelf, "@fake/plugin"), "locked", "Somebody else installs");
  abort.abort();
  await fails(endless, "interrupted", "Interrupted");
  assertEquals(await shelf.files(), []);
  for (const place of ["", "openclaw/2026.9.6/packages/"]) {
    await Deno.mkdir(`${shelf.root}/ocg/plugins/${place}.staging-1/node_modules`, {
      recursive: true,
    });
  }
  await openFileStore(shelf.root).sweep();
  // A folder of OpenClaw's in which there is no OpenClaw does not count as one.
  await install(shelf, "@fake/plugin");
  assert((await shelf.files()).every((path) => !path.includes("staging")));
});

Deno.test("an OpenClaw that is damaged is installed anew, under the plugins that use it", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  await shelf.stock("second", { channel: "second", entry: SECOND });
  await install(shelf, "@fake/plugin");
  await Deno.writeTextFile(`${shelf.root}/ocg/plugins/openclaw/2026.9.6/package-lock.json`, "");
  await install(shelf, "second");
  assertEquals((await shelf.files()).filter((path) => path.includes("@1.0.0")), [
    `${PACKAGES}/@fake+plugin@1.0.0`,
    `${PACKAGES}/second@1.0.0`,
  ]);
});

Deno.test("what stands in the way of the folders is told as such", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  await Deno.mkdir(`${shelf.root}/ocg`, { recursive: true });
  await Deno.writeTextFile(`${shelf.root}/ocg/plugins`, "a file");
  await fails(install(shelf, "@fake/plugin"), "io", "Cannot ");
});

Deno.test("where no Node serves, one is installed for plugins, and runs them", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  const steps: string[] = [];
  const options = { env: shelf.env, onStep: (step: string) => void steps.push(step) };
  await fails(installPlugin(shelf.root, "@fake/plugin", options), "not_found", "node-");
  await shelf.stockNode();
  await shelf.stock("old", { channel: "old", more: { engines: { node: "^18.0.0" } } });
  const old = installPlugin(shelf.root, "old", options);
  await fails(old, "refused", 'Package "old@1.0.0" needs Node ^18.0.0, and plugins run on v26.1.0');
  await installPlugin(shelf.root, "@fake/plugin", options);
  assertStringIncludes(steps.join("\n"), "and the one on the PATH is v20.1.0");
  const asked = await shelf.asked();
  await installPlugin(shelf.root, "@fake/plugin", options);
  const again = (await shelf.asked()).slice(asked.length);
  assertEquals(again.map((line) => line.split(" ").slice(0, 2).join(" ")), [
    "view @fake/plugin",
    "install @fake/plugin@1.0.0",
  ]);
});

Deno.test("a plugin is removed by channel or package, its logins only if they are meant", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  const { root } = shelf;
  await fails(removePlugin(root, "fake"), "not_found", 'No plugin "fake" is installed');
  const login = `${root}/ocg/plugins/state/fake/default/mesh-login.json`;
  for (const [name, purge] of [["fake", false], ["@fake/plugin", true]] as const) {
    await install(shelf, "@fake/plugin");
    await Deno.mkdir(login.slice(0, login.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(login, "{}");
    assertEquals((await removePlugin(root, name, { purge })).version, "1.0.0");
    assertEquals(await installedPlugins(root), []);
    const files = await shelf.files();
    assertEquals(files.some((path) => path.endsWith("mesh-login.json")), !purge);
    assertEquals(files.filter((path) => path.startsWith("openclaw/")), []);
  }
});
