/**
 * What lies beside the programs of a release: bill of materials, installer, recipes, sums and their
 * signature.
 *
 * @module
 */
import { formatReleaseKey } from "../../lib/release/key.ts";
import { formatSums } from "../../lib/release/sums.ts";
import { sumOf } from "../../lib/release/verify.ts";
import { projectSbom } from "../sbom.ts";
import { fillIn, RECIPES } from "./recipes.ts";
import type { ReleaseKeyPair } from "./secret_key.ts";
import { signRelease } from "./sign.ts";

/** The list of sums. */
export const SUMS = "SHA256SUMS";

/**
 * Completes a release.
 *
 * @param folder The folder, with its programs in it and nothing else.
 * @param version The release's version; signed as part of the comment.
 * @param key The release key; without one, nothing is signed.
 * @returns The names of all files, in order.
 */
export async function assemble(
  folder: string,
  version: string,
  key: ReleaseKeyPair | undefined,
): Promise<string[]> {
  await Deno.writeTextFile(`${folder}/mesh.cdx.json`, await projectSbom());
  const installer = await Deno.readTextFile(new URL("../install.sh", import.meta.url));
  await Deno.writeTextFile(`${folder}/install.sh`, installerFor(installer, key), { mode: 0o755 });
  const programs = await sumsIn(folder);
  for (const [name, url] of Object.entries(RECIPES)) {
    const text = fillIn(await Deno.readTextFile(url), version, programs);
    if (text !== undefined) await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  const sums = await sumsIn(folder);
  const list = new TextEncoder().encode(formatSums(sums));
  await Deno.writeFile(`${folder}/${SUMS}`, list);
  if (key) {
    await Deno.writeTextFile(
      `${folder}/${SUMS}.minisig`,
      signRelease(list, `mesh ${version}`, key),
    );
  }
  return await namesIn(folder);
}

/** The installer knows the key of its own release, for those who have minisign. */
function installerFor(text: string, key: ReleaseKeyPair | undefined): string {
  if (!key) return text;
  const line = formatReleaseKey(key).trim().split("\n").at(-1);
  return text.replace(/^RELEASE_KEY=.*$/m, `RELEASE_KEY='${line}'`);
}

async function sumsIn(folder: string): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    sums.set(name, (await sumOf(`${folder}/${name}`)).sha256);
  }
  return sums;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}
