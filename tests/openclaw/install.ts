/**
 * Where OpenClaw is for these tests, and getting it there from npm: the release that `lib/notify` was written
 * for, and the Node that it needs, in a folder outside of the repository. About 850 MB.
 *
 * @module
 */

const VERSION = "2026.9.6";

/** The package that carries Node for this machine. */
const NODE = `node-${Deno.build.os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;

/** The variable that names the folder. */
export const FOLDER_VARIABLE = "MESH_OPENCLAW";

/** An OpenClaw that is installed. */
export interface Installed {
  /** The Node to run it with. */
  readonly node: string;
  /** Its command line. */
  readonly program: string;
}

/**
 * Where OpenClaw is, if the environment says so.
 *
 * @returns The folder, or `undefined`: then nobody wants these tests.
 */
export function namedFolder(): string | undefined {
  return Deno.env.get(FOLDER_VARIABLE) || undefined;
}

/**
 * The OpenClaw of a folder.
 *
 * @param folder The folder.
 * @returns Its programs, there or not.
 */
export function installedIn(folder: string): Installed {
  return {
    node: `${folder}/node_modules/${NODE}/bin/node`,
    program: `${folder}/node_modules/openclaw/openclaw.mjs`,
  };
}

/**
 * Installs OpenClaw unless it is there.
 *
 * @param folder Where; it is made if need be.
 * @throws {Error} If npm fails, or there is none.
 */
export async function install(folder: string): Promise<void> {
  const { node, program } = installedIn(folder);
  if (await versionOf(node, program) === undefined) {
    await Deno.mkdir(folder, { recursive: true });
    // The packages' own scripts fetch from elsewhere, and are not needed.
    const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
    const packages = [`openclaw@${VERSION}`, `${NODE}@26`];
    const { success } = await new Deno.Command("npm", { args: [...args, ...packages] }).spawn()
      .status;
    if (!success) throw new Error("npm did not install OpenClaw");
  }
  // Its first run finishes the installation, which no test ought to wait for.
  const version = await versionOf(node, program);
  if (!version?.includes("2026.9.6")) {
    throw new Error(
      `What is in "${folder}" is not OpenClaw 2026.9.6 but "${version ?? "nothing"}"`,
    );
  }
}

/** What it calls itself, or nothing if it does not run. */
async function versionOf(node: string, program: string): Promise<string | undefined> {
  const home = await Deno.makeTempDir({ prefix: "mesh-openclaw-" });
  try {
    const env = { HOME: home, OPENCLAW_STATE_DIR: `${home}/state`, NO_COLOR: "1" };
    const run = new Deno.Command(node, { args: [program, "--version"], env, stderr: "null" });
    const { success, stdout } = await run.output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
