/**
 * The token of the admin surface: `run/admin.token`, made once, readable by its owner alone. Whoever can
 * read the file may ask; nobody else on this machine, and no page in a browser, can.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { ioError } from "../../lib/store/io_error.ts";

const FORM = /^[\w-]{43}$/;

/**
 * Where the token is.
 *
 * @param root The state directory.
 * @returns The path.
 */
export function adminTokenPath(root: string): string {
  return `${root}/run/admin.token`;
}

/**
 * The token of a root, made if there is none.
 *
 * @param root The state directory.
 * @returns 43 characters of base64url: 32 random bytes.
 * @throws {MeshError} `insecure_mode` if others can read it, `damaged` if it is none, `io` or `disk_full`.
 */
export async function adminToken(root: string): Promise<string> {
  const path = adminTokenPath(root);
  // Of several daemons that begin at once, one makes it and the others read it.
  const token = await readToken(path) ?? (await makeToken(root), await readToken(path));
  if (token !== undefined) return token;
  throw new MeshError("io", `Cannot make "${path}"`, { hint: "try again" });
}

async function readToken(path: string): Promise<string | undefined> {
  let text: string;
  try {
    const { mode } = await Deno.stat(path);
    if (mode !== null && (mode & 0o077) !== 0) {
      throw new MeshError("insecure_mode", `Others on this machine can read "${path}"`, {
        hint: `rm '${path}', and start the daemon again: it makes a new one`,
      });
    }
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw ioError(`Cannot read "${path}"`, error);
  }
  if (FORM.test(text.trim())) return text.trim();
  throw new MeshError("damaged", `"${path}" holds no token`, {
    hint: `rm '${path}', and start the daemon again: it makes a new one`,
  });
}

/** Complete or absent: it gets its name when all of it is there, and only if nobody has it. */
async function makeToken(root: string): Promise<void> {
  const token = crypto.getRandomValues(new Uint8Array(32))
    .toBase64({ alphabet: "base64url", omitPadding: true });
  const path = adminTokenPath(root);
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(`${root}/run`, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(draft, `${token}\n`, { createNew: true, mode: 0o600 });
    await give(draft, path);
  } catch (error) {
    throw ioError(`Cannot make "${path}"`, error);
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}

async function give(draft: string, path: string): Promise<void> {
  try {
    await Deno.link(draft, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    // Some file systems know no second names for a file.
    await Deno.rename(draft, path);
  }
}
