/** What `mesh verify-release` does. @module */
import { MeshError } from "../lib/error.ts";
import { bakedKey, parseReleaseKey, type ReleaseKey } from "../lib/release/key.ts";
import { verifyRelease } from "../lib/release/verify.ts";
import type { ActionContext } from "./define.ts";
import { readInput } from "./input.ts";
import { safeText } from "./terminal.ts";
import type { VerifyReleaseFlags } from "./verify_release.ts";

/**
 * Checks a file, and says what it is.
 *
 * @param context The terminal.
 * @param flags The list, its signature, the key.
 * @param file The file.
 */
export default async function (
  { terminal }: ActionContext,
  flags: VerifyReleaseFlags,
  file: string,
): Promise<void> {
  const sums = flags.sums ?? file.replace(/[^/\\]*$/, "SHA256SUMS");
  const signature = flags.signature ?? `${sums}.minisig`;
  const key = await chosenKey(flags.key);
  const verdict = await verifyRelease({ file, sums, signature, key });
  const { name, sha256, size, keyId, comment } = verdict;
  const built_in = flags.key === undefined;
  terminal.document({ ok: true, file, name, sha256, size, key_id: keyId, built_in, comment });
  terminal.line(`This is ${safeText(name)}, as it was released.`);
  terminal.line(`  sha256   ${sha256}`);
  terminal.line(
    `  signed   with key ${keyId}, ${built_in ? "which is built in" : "which you named"}`,
  );
  terminal.line(`  release  ${safeText(comment)}`);
}

/** The key that is named, by a file or by itself, or else the one that is built in. */
async function chosenKey(named: string | undefined): Promise<ReleaseKey> {
  if (named === undefined) {
    const key = bakedKey();
    if (key) return key;
    throw new MeshError(
      "not_found",
      "This build has no release key in it, so it cannot tell who made the file",
      { hint: "name a key that you trust: --key release-key.pub" },
    );
  }
  if (/^RW[A-Za-z0-9+/]{54}$/.test(named)) return parseReleaseKey(named);
  return parseReleaseKey(new TextDecoder().decode(await readInput(named, 1024)));
}
