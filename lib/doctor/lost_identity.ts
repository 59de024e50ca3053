/**
 * What to do where no identity is: make one, or, where one was damaged, make the same one again.
 *
 * @module
 */
import { join } from "node:path";
import { failure, type Verdict } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { shellWord } from "./words.ts";

/** Most characters of a damaged file to look at. */
const LOOK = 65_536;

/**
 * Judges a state directory without `identity.json`.
 *
 * @param context The node.
 * @returns A failure with the command that makes an identity: with the old names, as far as they can be
 * read in a damaged file, since the key that is still there is taken over.
 */
export async function lostIdentity({ state, command }: DoctorContext): Promise<Verdict> {
  const keyIsThere = await exists(join(state.root, "private_key.pem"));
  const damaged = await newestDamaged(state.root);
  if (damaged === undefined) {
    const key = keyIsThere ? ", only a private key, which a new one takes over" : "";
    return failure(`There is no identity in "${state.root}"${key}`, command("init"));
  }
  const flags = await flagsFrom(join(state.root, damaged));
  const key = keyIsThere
    ? "the private key is still there, and is taken over"
    : "the private key is missing, too";
  return failure(
    `identity.json was damaged and is set aside as "${damaged}"; ${key}`,
    command(["init", ...flags].join(" ")),
  );
}

async function newestDamaged(root: string): Promise<string | undefined> {
  try {
    const names = await Array.fromAsync(Deno.readDir(root), ({ name }) => name);
    return names.filter((name) => name.startsWith("identity.json.corrupt-")).sort().at(-1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The names that are still legible, as flags of `mesh init`. */
async function flagsFrom(path: string): Promise<string[]> {
  const text = (await Deno.readTextFile(path).catch(() => "")).slice(0, LOOK);
  const flags = [
    ["--agent-id", /"agent_id"\s*:\s*"([^"\\\p{Cc}]{1,128})"/u],
    ["--display-name", /"display_name"\s*:\s*"([^"\\\p{Cc}]{1,200})"/u],
    ["--endpoint", /"endpoint"\s*:\s*"(https?:[^"\\\p{Cc}]{1,2000})"/u],
  ] as const;
  return flags.flatMap(([flag, pattern]) => {
    const [, value] = pattern.exec(text) ?? [];
    return value === undefined || value.startsWith("-") ? [] : [flag, shellWord(value)];
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
