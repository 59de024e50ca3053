/** What `mesh link` does. @module */
import { resolve } from "node:path";
import { shellWord } from "../lib/doctor/words.ts";
import { codeOf, MeshError, messageOf } from "../lib/error.ts";
import { linkBatch, linkFile, linkScript, OLD_NAMES, type OldName } from "../lib/link/old_names.ts";
import { findProgram } from "../lib/process/find_program.ts";
import { lookAtMarked, removeMarked, writeMarked } from "../lib/store/marked_file.ts";
import type { ActionContext } from "./define.ts";
import type { LinkFlags } from "./link.ts";
import { ownCommand, portableFile } from "./itself.ts";
import { safeText } from "./terminal.ts";

const WINDOWS = Deno.build.os === "windows";

/** What became of one. */
interface Result {
  readonly name: string;
  readonly path: string;
  readonly done: "written" | "up to date" | "removed" | "not there" | "kept";
  readonly problem?: string;
}

/** The exit code if something is in the way. */
const KEPT = 5;

/**
 * Writes the programs, or takes them away.
 *
 * @param context The terminal.
 * @param flags Where, and which of both.
 * @returns The exit code.
 */
export default async function (context: ActionContext, flags: LinkFlags): Promise<number> {
  const { terminal } = context;
  const folder = await chosenFolder(context, flags);
  const results: Result[] = [];
  for (const name of OLD_NAMES) {
    results.push(await (flags.remove ? unlink(folder, name) : link(folder, name)));
  }
  const kept = results.filter(({ done }) => done === "kept");
  terminal.document({ ok: kept.length === 0, dir: folder, links: results });
  for (const { path, done, problem } of results) {
    if (problem === undefined) terminal.line(`${done.padEnd(12)}${safeText(path)}`);
    else terminal.warn(safeText(problem));
  }
  if (!flags.remove) await tellWhatIsFound(context, folder, results);
  return kept.length === 0 ? 0 : KEPT;
}

async function link(folder: string, name: OldName): Promise<Result> {
  const file = linkFile(folder, name, WINDOWS);
  const text = (WINDOWS ? linkBatch : linkScript)(name, ownCommand());
  return await unlessForeign(name, file.path, async () => {
    const state = await lookAtMarked(file, text);
    await writeMarked(file, text);
    return state === "same" ? "up to date" : "written";
  });
}

async function unlink(folder: string, name: OldName): Promise<Result> {
  const file = linkFile(folder, name, WINDOWS);
  return await unlessForeign(
    name,
    file.path,
    async () => await removeMarked(file) ? "removed" : "not there",
  );
}

/** One that is in the way is no reason to leave the others out. */
async function unlessForeign(
  { name }: OldName,
  path: string,
  work: () => Promise<Result["done"]>,
): Promise<Result> {
  try {
    return { name, path, done: await work() };
  } catch (error) {
    if (codeOf(error) !== "exists") throw error;
    return { name, path, done: "kept", problem: messageOf(error) };
  }
}

/** Beside this program, if it is one file and its folder can be written to; else where a user's own are. */
async function chosenFolder({ env }: ActionContext, { dir }: LinkFlags): Promise<string> {
  if (dir !== undefined) {
    await assertFolder(dir);
    // Absolute: it is compared with the PATH, and may be told to be put there.
    return resolve(dir);
  }
  const [program = ""] = ownCommand();
  const single = Deno.build.standalone || portableFile() !== undefined;
  const beside = program.replace(/[/\\][^/\\]*$/, "");
  if (single && await isWritable(beside)) return beside;
  const home = env("HOME");
  if (home && !WINDOWS) return `${home}/.local/bin`;
  throw new MeshError("usage", "It is not clear where programs are on this machine", {
    hint: "mesh link --dir DIR",
  });
}

async function assertFolder(dir: string): Promise<void> {
  const isFolder = await Deno.stat(dir).then(({ isDirectory }) => isDirectory, () => false);
  if (isFolder) return;
  throw new MeshError("not_found", `There is no folder "${dir}"`, {
    hint: `mkdir -p ${shellWord(dir)}`,
  });
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: ".mesh-link-" }));
    return true;
  } catch {
    return false;
  }
}

async function tellWhatIsFound(
  { terminal, env }: ActionContext,
  folder: string,
  results: readonly Result[],
): Promise<void> {
  const path = env("PATH") ?? "";
  if (!path.split(WINDOWS ? ";" : ":").includes(folder)) {
    const shown = safeText(folder);
    terminal.warn(`"${shown}" is not on the PATH: export PATH="${shown}:$PATH"`);
    return;
  }
  for (const { name, path: ours, done } of results) {
    const found = done === "kept" ? undefined : await findProgram(name, path);
    if (found === undefined || found === ours) continue;
    terminal.warn(`"${safeText(found)}" comes before it on the PATH`);
  }
}
