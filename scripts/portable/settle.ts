/**
 * The second half of a portable program's first start: checks what the shell has unpacked, and gives it the
 * name under which later starts find it. Run by the Deno that was unpacked, which so proves that it can run.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- the shell part passes on what is said here
import { isHeld } from "./holding.ts";

/** The file that says what was packed: the SHA-256 of each file, in hex, by its path. */
export const CONTENTS = "contents.json";

/** Age in milliseconds at which a folder that somebody began to unpack counts as given up. */
const GIVEN_UP = 600_000;

/** What a folder is called while it is unpacked, or before it is deleted. */
const PASSING = "unpacking.";

/**
 * Puts an unpacked folder into its place, beside which it lies.
 *
 * @param fresh The folder, complete or not.
 * @param final The path that it is to have.
 * @param options `replace`: what is there already is not fit to be used.
 * @throws {Error} If the folder is not what was packed.
 */
export async function settle(
  fresh: string,
  final: string,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<void> {
  await check(fresh);
  const unfit = replace ? await moveAside(final) : undefined;
  try {
    await Deno.rename(fresh, final);
  } catch (error) {
    // Somebody else was faster. A rename onto a folder with something in it never succeeds.
    if (!(await exists(final))) throw error;
    await Deno.remove(fresh, { recursive: true });
  }
  // What cannot be tidied away is in nobody's way.
  if (unfit !== undefined) await Deno.remove(unfit, { recursive: true }).catch(() => {});
  await tidy(final).catch(() => {});
}

async function check(folder: string): Promise<void> {
  const contents: Record<string, string> = JSON.parse(
    await Deno.readTextFile(`${folder}/${CONTENTS}`),
  );
  for (const [path, sum] of Object.entries(contents)) {
    const file = `${folder}/${path}`;
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(file));
    if (new Uint8Array(digest).toHex() !== sum) throw new Error(`"${path}" was not unpacked right`);
    // The name must not be on the disk before what it stands for.
    using open = await Deno.open(file, { read: true });
    await open.sync();
  }
}

/** Removes what was given up, and other versions that do not run. */
async function tidy(final: string): Promise<void> {
  const base = final.slice(0, final.lastIndexOf("/"));
  for await (const { name } of Deno.readDir(base)) {
    const path = `${base}/${name}`;
    if (path === final) continue;
    const passed = name.startsWith(PASSING) && await age(path) > GIVEN_UP;
    if (!passed && !name.startsWith("portable-")) continue;
    if (!isHeld(path)) await remove(path);
  }
}

async function age(path: string): Promise<number> {
  const { mtime } = await Deno.lstat(path);
  return Date.now() - (mtime?.getTime() ?? 0);
}

/** Removes a folder, in one step for everybody who looks for its name. */
async function remove(path: string): Promise<void> {
  const aside = await moveAside(path);
  if (aside !== undefined) await Deno.remove(aside, { recursive: true });
}

async function moveAside(path: string): Promise<string | undefined> {
  const base = path.slice(0, path.lastIndexOf("/"));
  const aside = `${base}/${PASSING}${crypto.randomUUID()}`;
  try {
    await Deno.rename(path, aside);
    return aside;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

if (import.meta.main) {
  const [fresh = "", final = "", how] = Deno.args;
  try {
    await settle(fresh, final, { replace: how === "replace" });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
