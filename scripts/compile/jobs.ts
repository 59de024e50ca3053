/**
 * What is to be compiled: the command line of `scripts/compile.ts`.
 *
 * @module
 */
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { MeshError, messageOf } from "../../lib/error.ts";

/** The targets that releases are made for, under Deno's names. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const USAGE = "deno task compile [--target TARGET | --all | --portable] [--out FILE]";

/** One program to make. */
export interface Job {
  /** One of {@link TARGETS}. */
  readonly target: string;
  /** The file to write. */
  readonly out: string;
  /** Whether it is to be a file that unpacks itself, instead of one that `deno compile` makes. */
  readonly portable: boolean;
}

/**
 * Reads the command line.
 *
 * @param args The arguments.
 * @param host The target that is this machine.
 * @param runtime The value of `DENORT_BIN`, if set: one base runtime, hence for one target only.
 * @returns What to make: one program at `--out`, or with `--all` one per target at `<out>-<target>`.
 * @throws {MeshError} `usage` for anything else.
 */
export function readJobs(args: readonly string[], host: string, runtime?: string): Job[] {
  const { target = host, all, out, portable } = parse(args);
  const named = all ? TARGETS : [target];
  for (const name of named) {
    if (TARGETS.includes(name)) continue;
    throw new MeshError("usage", `No release is made for the target "${name}"`, {
      hint: `one of: ${TARGETS.join(", ")}`,
    });
  }
  if (portable && target !== host) {
    throw new MeshError("usage", `A portable program is for this machine, "${host}"`, {
      hint: "it carries the Deno that makes it: make it on a machine of that kind",
    });
  }
  if (all && runtime !== undefined) {
    throw new MeshError("usage", "DENORT_BIN is the base runtime of one target, not of all", {
      hint: "unset DENORT_BIN, or name the target that it is for with --target",
    });
  }
  return named.map((name) => ({
    target: name,
    portable,
    out: `${out}${all ? `-${name}` : ""}${name.includes("windows") ? ".exe" : ""}`,
  }));
}

function parse(
  args: readonly string[],
): { target?: string; all: boolean; portable: boolean; out: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        target: { type: "string" },
        all: { type: "boolean", default: false },
        portable: { type: "boolean", default: false },
        out: { type: "string", default: "dist/mesh" },
      },
    });
    if (values.all && values.target !== undefined) throw new Error("Either --target or --all");
    if (values.all && values.portable) throw new Error("Either --portable or --all");
    if (basename(values.out) === "") throw new Error("--out names no file");
    return values;
  } catch (error) {
    throw new MeshError("usage", messageOf(error), { hint: USAGE, cause: error });
  }
}
