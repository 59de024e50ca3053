/**
 * What the link to a webchat carries: made once, and kept in a file of its own that only its owner can read.
 *
 * @module
 */
import { MeshError, messageOf } from "../../../error.ts";
import type { FileStore } from "../../../store/file_store.ts";
import { WEBCHAT_PATH } from "./page.ts";

/** Random bytes of a token. */
const BYTES = 32;

/** Least characters of a token that is taken from a file. */
const LEAST = 32;

/**
 * The token of a webchat, made if there is none yet.
 *
 * @param store The store of the state directory.
 * @param account The account's name.
 * @returns At least 43 characters of `A-Za-z0-9_-`.
 * @throws {MeshError} `damaged` if the file holds something else, `io` or `disk_full`.
 */
export async function webchatToken(store: FileStore, account: string): Promise<string> {
  const name = `ocg/webchat/${account}.token`;
  return await store.withLock(name, async () => {
    const path = `${store.root}/${name}`;
    const known = await readToken(path);
    if (known !== undefined) return known;
    const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
    const token = bytes.toBase64({ alphabet: "base64url", omitPadding: true });
    await store.writeFile(name, `${token}\n`);
    return token;
  });
}

/**
 * The link to a webchat. Whoever has it is let in.
 *
 * @param port The port on this machine.
 * @param token The token.
 * @returns The URL; browsers keep what is behind the `#` to themselves.
 */
export function webchatLink(port: number, token: string): string {
  return `http://127.0.0.1:${port}${WEBCHAT_PATH}#${token}`;
}

async function readToken(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new MeshError("io", `Cannot read "${path}": ${messageOf(error)}`, { cause: error });
  }
  if (text.length >= LEAST && /^[\w-]+$/.test(text)) return text;
  throw new MeshError("damaged", `"${path}" holds no token`, {
    hint: `rm "${path}" makes a new link at the next start`,
  });
}
