/**
 * Installs plugins: an exact version, what it consists of checked by npm, nothing of it run by npm, and in
 * its place only once it has been loaded.
 *
 * @module
 */
import { MeshError, messageOf } from "../../error.ts";
import type { Environment } from "../config_file.ts";
import { alone } from "./alone.ts";
import { dispose, type Manifest, moved, place, readManifest, withStaging } from "./folders.ts";
import { type InstalledPlugin, installedRecords, packagesOf, placeOf } from "./installed.ts";
import { Npm } from "./npm.ts";
import {
  type ChannelPackage,
  channelPackage,
  OPENCLAW_VERSION,
  parseSpec,
} from "./package_facts.ts";
import { nodeFolder, openclawFolder, PLUGINS } from "./places.ts";
import { openHost } from "./plugin_host.ts";
import { findNode, type HostRuntime, NODE_PACKAGE } from "./runtime.ts";
import { satisfies } from "./versions.ts";

/** How to install. */
export interface InstallOptions {
  /** Reads our environment. */
  readonly env: Environment;
  /** Told of what is done next, in words. */
  readonly onStep?: ((text: string) => void) | undefined;
  /** Interrupts it; nothing half-installed is left. */
  readonly signal?: AbortSignal | undefined;
  /** What runs the plugin, if it is not to be looked for. */
  readonly runtime?: HostRuntime | undefined;
}

/** What was installed. */
export interface InstallOutcome {
  /** The plugin. */
  readonly plugin: InstalledPlugin;
  /** The version that was there before, if there was one. */
  readonly before?: string | undefined;
}

/** The line of Node that OpenClaw runs on. */
const NODE_LINE = "26";

/**
 * Installs a plugin, or another version of one that is there.
 *
 * @param root The state directory.
 * @param spec The package, with or without a version: `@openclaw/qqbot@2026.7.35`.
 * @param options How.
 * @returns What was installed.
 * @throws {MeshError} `usage`, `not_found`, `refused` if it is no plugin that can be used here, `exists` if
 * another package brings its channel, `locked` if somebody else installs, and what npm's failures mean.
 */
export async function installPlugin(
  root: string,
  spec: string,
  options: InstallOptions,
): Promise<InstallOutcome> {
  parseSpec(spec);
  const { env, signal, onStep = () => {} } = options;
  await Deno.mkdir(root, { recursive: true, mode: 0o700 });
  const npm = await Npm.find({ root, env, signal });
  return await alone(root, async () => {
    onStep(`Looking up ${spec}`);
    const wanted = channelPackage(await npm.view(spec));
    const records = installedRecords(root);
    const before = await records.get(wanted.channel);
    if (before && before.package !== wanted.package) {
      const text = `The channel "${wanted.channel}" is brought by "${before.package}" already`;
      throw new MeshError("exists", text, { hint: `mesh ocg plugins remove ${before.package}` });
    }
    const openclaw = await openclawFor(root, npm, onStep);
    const runtime = options.runtime ?? await nodeFor(root, npm, openclaw.node, options);
    if (runtime.node !== undefined && !satisfies(runtime.node, wanted.node)) {
      const text = `Package "${wanted.package}@${wanted.version}" needs Node ${wanted.node}`;
      throw new MeshError("refused", `${text}, and plugins run on ${runtime.node} here`, {
        hint: `put such a Node on the PATH that also is ${openclaw.node}`,
      });
    }
    const plugin = await install(root, npm, wanted, openclaw, { ...options, runtime, onStep });
    await records.put(plugin.channel, plugin);
    if (before && before.version !== plugin.version) await dispose(placeOf(root, before));
    return { plugin, before: before?.version };
  });
}

async function openclawFor(
  root: string,
  npm: Npm,
  onStep: (text: string) => void,
): Promise<InstalledPlugin["openclaw"]> {
  const folder = openclawFolder(root, OPENCLAW_VERSION);
  const there = await readManifest(folder, "openclaw");
  if (there) return usedAs(there);
  onStep(`Installing OpenClaw ${OPENCLAW_VERSION}, which plugins use: about 650 MB, once`);
  return await withStaging(`${root}/${PLUGINS}`, async (staging) => {
    await npm.install(staging, `openclaw@${OPENCLAW_VERSION}`, true);
    const got = await installedIn(staging, "openclaw");
    // In place of one that is damaged, the plugins below it stay.
    await moved(`${folder}/packages`, `${staging}/packages`);
    await place(staging, folder);
    return usedAs(got);
  });
}

function usedAs({ version, integrity, engines = "*" }: Manifest): InstalledPlugin["openclaw"] {
  return { version, integrity, node: engines };
}

/** Sees to it that there is a Node which runs plugins. */
async function nodeFor(
  root: string,
  npm: Npm,
  range: string,
  { env, onStep = () => {} }: InstallOptions,
): Promise<HostRuntime> {
  const search = { node: range, path: env("PATH") };
  const there = await findNode(root, search);
  if ("program" in there) return there;
  const found = there.found === undefined
    ? "there is none"
    : `the one on the PATH is ${there.found}`;
  onStep(`Installing Node ${NODE_LINE} for plugins only, as they need ${range} and ${found}`);
  await withStaging(`${root}/${PLUGINS}`, async (staging) => {
    await npm.install(staging, `${NODE_PACKAGE.name}@${NODE_LINE}`, true);
    await place(staging, nodeFolder(root));
  });
  const now = await findNode(root, search);
  if ("program" in now) return now;
  throw new MeshError(
    "unavailable",
    `Plugins need Node ${range}, and npm has none that runs here`,
    {
      hint: "install such a Node: https://nodejs.org",
    },
  );
}

async function install(
  root: string,
  npm: Npm,
  wanted: ChannelPackage,
  openclaw: InstalledPlugin["openclaw"],
  options: InstallOptions,
): Promise<InstalledPlugin> {
  const { onStep = () => {} } = options;
  const { package: name, version, integrity, channel, label } = wanted;
  const target = placeOf(root, { package: name, version, openclaw });
  onStep(`Installing ${name} ${version}`);
  // It is staged where it will be, so that it finds OpenClaw as it will.
  return await withStaging(target.slice(0, target.lastIndexOf("/")), async (staging) => {
    // OpenClaw is what the plugin expects others to bring, and is there.
    await npm.install(staging, `${name}@${version}`, false);
    const got = await installedIn(staging, name);
    if (got.integrity !== integrity || got.version !== version) {
      throw new MeshError(
        "refused",
        `What npm installed as "${name}@${version}" is something else`,
      );
    }
    onStep(`Loading ${name} to see whether it works`);
    const folder = `${staging}/node_modules/${name}`;
    const opened = await load(root, { ...wanted, openclaw }, folder, options);
    await place(staging, target);
    const { maxLength, media, qrLogin } = opened;
    const installedAt = new Date().toISOString();
    return {
      ...{ channel, label, package: name, version, integrity, openclaw },
      ...{ maxLength, media, qrLogin, installedAt },
    };
  });
}

/** Loads a plugin once, with nothing of an account. */
async function load(
  root: string,
  plugin: Pick<InstalledPlugin, "channel" | "package" | "version" | "openclaw">,
  folder: string,
  { env, runtime, signal }: InstallOptions,
): Promise<Pick<InstalledPlugin, "maxLength" | "media" | "qrLogin">> {
  const packages = { ...packagesOf(root, plugin), folder };
  const quiet = { onNews() {}, onLog() {} };
  try {
    return await withStaging(`${root}/${PLUGINS}`, async (state) => {
      const where = { account: "default", settings: {}, state, packages };
      const options = { root, plugin, env, runtime, ...where, ...quiet };
      const { host, opened } = await openHost(options, signal);
      await host.stop();
      return opened;
    });
  } catch (error) {
    if (signal?.aborted) throw new MeshError("interrupted", "Interrupted");
    const text = `Package "${plugin.package}@${plugin.version}" does not work with OpenClaw ` +
      `${plugin.openclaw.version}: ${messageOf(error)}`;
    throw new MeshError("refused", text, {
      cause: error,
      hint: `try another version: mesh ocg plugins install ${plugin.package}@<version>`,
    });
  }
}

async function installedIn(folder: string, name: string): Promise<Manifest> {
  const there = await readManifest(folder, name);
  if (there) return there;
  throw new MeshError("unavailable", `npm says that it installed "${name}", but it is not there`);
}
