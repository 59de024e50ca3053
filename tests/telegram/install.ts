/**
 * Where `telegram-test-api` is for these tests, a Bot API server that we did not write, and getting it there
 * from npm, into a folder outside of the repository: 90 packages of which the program needs none.
 *
 * @module
 */

const PACKAGE = "telegram-test-api";
const VERSION = "4.2.1";

/** The variable that names the folder. */
export const FOLDER_VARIABLE = "MESH_TELEGRAM_API";

/**
 * Where the server is, if the environment says so.
 *
 * @returns The folder, or `undefined`: then nobody wants these tests.
 */
export function namedFolder(): string | undefined {
  return Deno.env.get(FOLDER_VARIABLE) || undefined;
}

/**
 * Installs the server unless it is there.
 *
 * @param folder Where; it is made if need be.
 * @throws {Error} If npm fails, or there is none.
 */
export async function install(folder: string): Promise<void> {
  if (await versionIn(folder) === VERSION) return;
  await Deno.mkdir(folder, { recursive: true });
  // The packages' own scripts fetch from elsewhere, and are not needed.
  const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = new Deno.Command("npm", { args: [...args, `${PACKAGE}@${VERSION}`] });
  const { success } = await npm.spawn().status;
  if (!success) throw new Error(`npm did not install ${PACKAGE}`);
}

async function versionIn(folder: string): Promise<string | undefined> {
  try {
    const text = await Deno.readTextFile(`${folder}/node_modules/${PACKAGE}/package.json`);
    return JSON.parse(text).version;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
