/**
 * Whether there is room on the disk and records can be written.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { format } from "@std/fmt/bytes";
import { MeshError } from "../error.ts";
import { isAbsent } from "../store/io_error.ts";
import { accessFix } from "./access.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { shellWord } from "./words.ts";

/** Below this the next burst of messages may not fit. */
const TOO_LITTLE = 20_000_000;
const LITTLE = 200_000_000;
/** Each record is a file. */
const TOO_FEW_FILES = 1_000;

/** Room on a file system, for whoever is not root. */
export interface Room {
  /** Free bytes. */
  readonly bytes: number;
  /** Files that can still be made; `undefined` where there is no such limit. */
  readonly files?: number;
}

/** Measures the room and writes a record's worth. */
export const disk: Check = {
  name: "disk",
  async run(context) {
    const { root } = context.state;
    const room = await roomAt(root);
    const { root: kind } = await context.survey();
    const written = kind === "folder" ? await writeVerdict(context) : undefined;
    const verdicts = [...(room ? [roomVerdict(root, room)] : []), ...(written ? [written] : [])];
    return verdicts.length > 0 ? verdicts : ok("Records can be written; the free space is unknown");
  },
};

/**
 * Judges free space.
 *
 * @param root The state directory.
 * @param room What is free where it is.
 * @returns The verdict.
 */
export function roomVerdict(root: string, { bytes, files = Infinity }: Room): Verdict {
  const free = format(bytes);
  const fix = `df -h ${shellWord(root)}`;
  if (bytes < TOO_LITTLE) return failure(`Only ${free} are free on the disk of "${root}"`, fix);
  if (files < TOO_FEW_FILES) {
    return failure(
      `Only ${files} more files fit on the disk of "${root}"`,
      `df -i ${shellWord(root)}`,
    );
  }
  if (bytes < LITTLE) return warning(`Only ${free} are free on the disk of "${root}"`, fix);
  return ok(`${free} are free`);
}

/** `undefined` where the system does not tell. */
async function roomAt(root: string): Promise<Room | undefined> {
  const { statfs } = await import("node:fs/promises");
  for (let path = root;; path = dirname(path)) {
    try {
      const { bavail, bsize, files, ffree } = await statfs(path);
      return { bytes: bavail * bsize, ...(files > 0 ? { files: ffree } : {}) };
    } catch (error) {
      if (!isAbsent(error) || path === dirname(path)) return undefined;
    }
  }
}

/** The name is that of a temporary file, so a sweep takes it should this process be killed meanwhile. */
async function writeVerdict(
  { state: { root, store } }: DoctorContext,
): Promise<Verdict | undefined> {
  const digits = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
  const name = `.doctor.${digits}.tmp`;
  try {
    await store.writeFile(name, "A record's worth of text, to see whether it can be stored.\n");
    return undefined;
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return failure(error.message, accessFix(root, error));
  } finally {
    await Deno.remove(join(root, name)).catch(() => {});
  }
}
