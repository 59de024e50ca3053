/**
 * Installing skills into a folder: whole or not at all, and never over what somebody else has written
 * there.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { openFileStore } from "../store/file_store.ts";
import type { Skill } from "./skills.ts";
import { readStamp, stamp } from "./stamp.ts";

/**
 * How a skill is in a folder: `older` and `newer` are as another version installed them, `edited` was
 * changed since, and `foreign` is of the same name and not from this program, or a link to elsewhere.
 */
export type SkillState = "absent" | "current" | "older" | "newer" | "edited" | "foreign";

/** A skill in a folder. */
export interface InstalledSkill {
  /** The skill. */
  readonly skill: Skill;
  /** The file. */
  readonly path: string;
  /** How it is there. */
  readonly state: SkillState;
}

/** What was done about one. */
export interface InstallResult extends InstalledSkill {
  /** `kept`: it was left as it was, because of its state. */
  readonly done: "installed" | "updated" | "nothing" | "kept";
}

const FILE = "SKILL.md";

/** Most bytes of a file that could be a skill of ours. */
const LARGEST = 256 * 1024;

/**
 * Looks how a skill is in a folder.
 *
 * @param folder The folder of all skills.
 * @param skill The skill.
 * @param version This program's version.
 * @returns How it is there.
 * @throws {MeshError} `io` if it cannot be looked at.
 */
export async function lookAt(
  folder: string,
  skill: Skill,
  version: string,
): Promise<InstalledSkill> {
  const path = `${folder}/${skill.name}/${FILE}`;
  return { skill, path, state: await stateOf(folder, skill, version) };
}

/**
 * Installs a skill, or brings one that this program has installed up to date.
 *
 * @param folder The folder of all skills; created if missing.
 * @param skill The skill.
 * @param version This program's version.
 * @param force Whether to write over what is newer, edited or somebody else's.
 * @returns What was done.
 * @throws {MeshError} `io` or `disk_full`.
 */
export async function install(
  folder: string,
  skill: Skill,
  version: string,
  force: boolean,
): Promise<InstallResult> {
  const there = await lookAt(folder, skill, version);
  const { state } = there;
  if (state === "current") return { ...there, done: "nothing" };
  if (!force && state !== "absent" && state !== "older") return { ...there, done: "kept" };
  const text = await stamp(skill.text, version);
  await openFileStore(folder).writeFile(`${skill.name}/${FILE}`, text);
  return { ...there, done: state === "absent" ? "installed" : "updated" };
}

async function stateOf(folder: string, skill: Skill, version: string): Promise<SkillState> {
  const directory = `${folder}/${skill.name}`;
  const path = `${directory}/${FILE}`;
  const [outer, file] = [await look(directory), await look(path)];
  if (!file) return outer && !outer.isDirectory ? "foreign" : "absent";
  if (outer?.isSymlink || !file.isFile || file.size > LARGEST) return "foreign";
  const text = await read(path);
  if (text === await stamp(skill.text, version)) return "current";
  const mark = await readStamp(text);
  if (!mark) return "foreign";
  if (!mark.isIntact) return "edited";
  return isLater(mark.version, version) ? "newer" : "older";
}

async function look(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    // A file where a folder should be is seen when the folder is looked at.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw failure(path, error);
  }
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw failure(path, error);
  }
}

function failure(path: string, cause: unknown): MeshError {
  return new MeshError("io", `Cannot read "${path}": ${messageOf(cause)}`, { cause });
}

/** Compares versions number by number; a part that is no number counts as 0. */
function isLater(version: string, than: string): boolean {
  const [ours, theirs] = [version, than].map((text) => text.split(/[.+-]/).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (ours?.[i] || 0) - (theirs?.[i] || 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
