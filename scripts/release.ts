/**
 * Makes a release: the program for each target that can be made here, a bill of materials, the installer,
 * the list of sums and its signature, in a new folder. Where Deno has no base runtime to compile with, the
 * program for this machine is one that unpacks itself.
 *
 * Run it with `deno task release [--out FOLDER] [--complete]`; `--complete` fails unless every target is
 * made and the list is signed. `MESH_RELEASE_KEY` or `MESH_RELEASE_KEY_FILE` gives the key.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import config from "../deno.json" with { type: "json" };
import { codeOf, exitCodeOf, MeshError, messageOf } from "../lib/error.ts";
import { make } from "./compile.ts";
import { type Job, readJobs } from "./compile/jobs.ts";
import { assemble, SUMS } from "./release/assemble.ts";
import { keyAtHand } from "./release/key_at_hand.ts";

interface Options {
  readonly out: string;
  readonly complete: boolean;
}

function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: "string", default: `dist/mesh-${config.version}` },
        complete: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new MeshError("usage", messageOf(error), {
      hint: "deno task release [--out FOLDER] [--complete]",
      cause: error,
    });
  }
}

/**
 * Makes the programs.
 *
 * @param folder Where to.
 * @param complete Whether a target that cannot be made is a failure.
 * @throws {MeshError} `unavailable` if one (with `complete`) or all cannot be made.
 */
async function makePrograms(folder: string, complete: boolean): Promise<void> {
  const runtime = Deno.env.get("DENORT_BIN") || undefined;
  const host = Deno.build.target;
  // One base runtime is for one target only.
  const which = runtime === undefined ? ["--all"] : ["--target", host];
  const jobs = readJobs([...which, "--out", `${folder}/mesh`], host, runtime)
    .map((job): Job => runtime === undefined ? job : { ...job, out: named(job) });
  let made = 0;
  for (const job of jobs) {
    try {
      await make(job, runtime);
      made++;
      console.log(`${job.target}  compiled`);
    } catch (error) {
      if (complete || codeOf(error) !== "unavailable") throw error;
      console.error(`${job.target}  left out: ${messageOf(error)}`);
      if (job.target !== host || Deno.build.os === "windows") continue;
      await make({ ...job, portable: true, out: `${job.out}-portable` });
      made++;
      console.log(`${job.target}  as a file that unpacks itself`);
    }
  }
  if (made === 0) throw new MeshError("unavailable", "No program could be made");
  if (complete && runtime !== undefined) {
    throw new MeshError("usage", "With DENORT_BIN there is a program for one target only", {
      hint: "unset DENORT_BIN, or leave --complete out",
    });
  }
}

function named({ out, target }: Job): string {
  const [stem = "", end = ""] = out.endsWith(".exe") ? [out.slice(0, -4), ".exe"] : [out];
  return `${stem}-${target}${end}`;
}

/** Runs the script. */
async function release(args: readonly string[]): Promise<void> {
  const { out, complete } = readOptions(args);
  const folder = resolve(out);
  if (await Deno.lstat(folder).then(() => true, () => false)) {
    throw new MeshError("exists", `"${out}" is there already`, { hint: "move it away, or --out" });
  }
  const key = await keyAtHand((name) => Deno.env.get(name));
  if (complete && !key) {
    throw new MeshError("usage", "There is no key to sign with", {
      hint: "set MESH_RELEASE_KEY_FILE; make a key once: deno task release:key",
    });
  }
  await Deno.mkdir(dirname(folder), { recursive: true });
  const fresh = `${folder}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(fresh);
    await makePrograms(fresh, complete);
    const names = await assemble(fresh, config.version, key);
    await Deno.rename(fresh, folder);
    for (const name of names) console.log(`${out}/${name}`);
    if (!key) console.error(`release: ${SUMS} is not signed: there is no key`);
  } finally {
    await Deno.remove(fresh, { recursive: true }).catch(() => {});
  }
}

if (import.meta.main) {
  try {
    await release(Deno.args);
  } catch (error) {
    console.error(`release: ${messageOf(error)}`);
    if (error instanceof MeshError && error.hint) console.error(`hint: ${error.hint}`);
    Deno.exit(exitCodeOf(error));
  }
}
