/**
 * Where the real plugins are for these tests, and getting them there: by what installs them for everybody.
 * About 900 MB.
 *
 * @module
 */
import { installPlugin } from "../../lib/ocg/plugins/install.ts";
import { installedPlugins } from "../../lib/ocg/plugins/registry.ts";

/** The variable that names the folder, which is a state directory. */
export const FOLDER_VARIABLE = "MESH_PLUGINS";

/** The plugins, each of the release that the hosts are known to work with. */
export const PLUGINS: readonly string[] = [
  "@tencent-weixin/openclaw-weixin@2.4.9",
  "@openclaw/qqbot@2026.7.35",
  "@openclaw/discord@2026.9.6",
];

/**
 * Where they are, if the environment says so.
 *
 * @returns The folder, or `undefined`: then nobody wants these tests.
 */
export function namedFolder(): string | undefined {
  return Deno.env.get(FOLDER_VARIABLE) || undefined;
}

/**
 * Installs those that are not there.
 *
 * @param root The folder.
 * @param onStep Told of what is done next.
 */
export async function installAll(root: string, onStep: (text: string) => void): Promise<void> {
  const there = (await installedPlugins(root)).map((one) => `${one.package}@${one.version}`);
  for (const spec of PLUGINS) {
    if (there.includes(spec)) continue;
    await installPlugin(root, spec, { env: (name) => Deno.env.get(name), onStep });
  }
}
