/**
 * The mark that an installed skill carries in its metadata: from which version of this program it is, and
 * the hash of what was installed, which tells whether somebody has edited it since.
 *
 * @module
 */

/** What an installed skill says about itself. */
export interface Stamp {
  /** The version that installed it. */
  readonly version: string;
  /** Whether it is still as it was installed. */
  readonly isIntact: boolean;
}

const METADATA = /^(metadata: \{.*)\}$/m;
const STAMPED =
  /^(metadata: \{.*), "mesh": \{"version": "([^"]{1,40})", "sha256": "([0-9a-f]{64})"\}\}$/m;

/**
 * Marks a skill.
 *
 * @param text Its `SKILL.md`, with a line of metadata in it.
 * @param version This program's version.
 * @returns The text to install.
 *
 * @example
 * ```ts
 * import { readStamp, stamp } from "./stamp.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = '---\nname: x\nmetadata: {"openclaw": {}}\n---\nHello\n';
 * const installed = await stamp(text, "1.2.3");
 * assertEquals(await readStamp(installed), { version: "1.2.3", isIntact: true });
 * assertEquals((await readStamp(installed + "More\n"))?.isIntact, false);
 * assertEquals(await readStamp(text), undefined);
 * ```
 */
export async function stamp(text: string, version: string): Promise<string> {
  const sha256 = await digest(text);
  return text.replace(
    METADATA,
    (_, before) => `${before}, "mesh": {"version": "${version}", "sha256": "${sha256}"}}`,
  );
}

/**
 * Reads the mark of an installed skill.
 *
 * @param text Its `SKILL.md`.
 * @returns The mark, `undefined` if this program did not install it.
 */
export async function readStamp(text: string): Promise<Stamp | undefined> {
  const [, , version, sha256] = STAMPED.exec(text) ?? [];
  if (version === undefined) return undefined;
  const original = text.replace(STAMPED, (_, before) => `${before}}`);
  return { version, isIntact: await digest(original) === sha256 };
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex();
}
