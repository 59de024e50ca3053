/**
 * Makes the key that releases are signed with, once in a project's life: its public half goes into
 * `etc/release-key.pub` and, for `mesh verify-release`, into the program; its secret half into a file that
 * only you can read and that belongs outside of the sources.
 *
 * Run it with `deno task release:key SECRET_FILE`. A test tells if the two places of the public half differ.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { fileURLToPath } from "node:url";
import { exitCodeOf, MeshError, messageOf } from "../lib/error.ts";
import { formatReleaseKey } from "../lib/release/key.ts";
import { formatSecretKey, generateReleaseKey } from "./release/secret_key.ts";

/** Where a project keeps the public half. */
export interface KeyPlaces {
  /** The file for people and for minisign. */
  readonly published: string;
  /** The module that the program is built with. */
  readonly baked: string;
}

/** Where this project does. */
export const PLACES: KeyPlaces = {
  published: fileURLToPath(new URL("../etc/release-key.pub", import.meta.url)),
  baked: fileURLToPath(new URL("../lib/release/baked_key.json", import.meta.url)),
};

/**
 * Makes the key and puts its halves into their places.
 *
 * @param secret The file for the secret half; it must not exist.
 * @param places The files for the public half.
 * @returns The key's id.
 * @throws {MeshError} `usage` without a file, `exists` if there is a key already.
 */
export async function makeReleaseKey(
  secret: string | undefined,
  { published, baked }: KeyPlaces = PLACES,
): Promise<string> {
  if (!secret) {
    throw new MeshError("usage", "The file for the secret key is missing", {
      hint: "deno task release:key ~/mesh-release.key",
    });
  }
  for (const path of [published, secret]) {
    if (!await Deno.lstat(path).then(() => true, () => false)) continue;
    throw new MeshError("exists", `There is a key already: "${path}"`, {
      hint:
        "whoever trusts the old key has to be told of a new one; remove the file if you mean it",
    });
  }
  const pair = generateReleaseKey();
  await Deno.writeTextFile(secret, formatSecretKey(pair), { mode: 0o600, createNew: true });
  const text = formatReleaseKey(pair);
  await Deno.writeTextFile(published, text);
  await Deno.writeTextFile(baked, bakedText(text));
  return pair.id;
}

/**
 * The public half as the program is built with it.
 *
 * @param published The text of the `.pub` file, if there is one.
 * @returns The text of the JSON module.
 */
export function bakedText(published: string | undefined): string {
  const publicKey = published?.trim().split("\n").at(-1) ?? null;
  return `{ "publicKey": ${JSON.stringify(publicKey)} }\n`;
}

if (import.meta.main) {
  const [secret] = Deno.args;
  try {
    const id = await makeReleaseKey(secret);
    console.log(`The release key ${id} is made.`);
    console.log(`  secret  ${secret}  (keep a copy where no machine of yours can lose it)`);
    console.log(`  public  etc/release-key.pub and lib/release/baked_key.json: commit both`);
  } catch (error) {
    console.error(`release:key: ${messageOf(error)}`);
    if (error instanceof MeshError && error.hint) console.error(`hint: ${error.hint}`);
    Deno.exit(exitCodeOf(error));
  }
}
