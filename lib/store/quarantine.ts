/**
 * What to do with a record's file that does not parse: give a writer who is not atomic a moment to
 * finish, and then move the file out of the way, so that its id is free again and nothing is lost that an
 * editor could mend.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import type { DamageReporter } from "./damage.ts";
import type { FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { type Reading, readRecord } from "./read_record.ts";
import type { Codec } from "./store.ts";

/** A file that was written less than so many milliseconds ago may still be being written. */
const YOUNG = 1_000;
/** Milliseconds between two looks at a young file. */
const PAUSE = 100;
/** Looks at a file that stays young; a clock that stands still must not hold a reader. */
const LOOKS = 12;

/** What reading with care needs around it. */
export interface QuarantineContext {
  /** The file system to work on. */
  readonly fs: FileSystem;
  /** Where damage is reported. */
  readonly damage: DamageReporter;
  /** Whether nothing may be moved. */
  readonly readonly: boolean;
}

/**
 * Reads a record. Damage is reported; what does not parse is set aside.
 *
 * @param context What to work with.
 * @param path The file.
 * @param codec Parses the text.
 * @param alone Runs work under the record's lock, or at once for a caller who holds it.
 * @returns What the file is; `broken` if it was set aside or could not be.
 * @throws What the system says when a file that is there cannot be read.
 */
export async function readOrSetAside<T>(
  context: QuarantineContext,
  path: string,
  codec: Codec<T>,
  alone: (work: () => Promise<Reading<T>>) => Promise<Reading<T>>,
): Promise<Reading<T>> {
  const reading = await readPatiently(context.fs, path, codec);
  if (reading.kind === "foreign") {
    context.damage.left({ path, reason: reading.reason }, reading.version.mark);
  }
  if (reading.kind !== "broken") return reading;
  if (context.readonly) return leave(context, path, reading);
  try {
    const judged = reading.version.mark;
    return await alone(() => Promise.resolve(setAside(context, path, codec, judged)));
  } catch (error) {
    if (error instanceof MeshError && error.code === "locked") return leave(context, path, reading);
    throw error;
  }
}

async function readPatiently<T>(
  fs: FileSystem,
  path: string,
  codec: Codec<T>,
): Promise<Reading<T>> {
  let reading = readRecord(fs, path, codec);
  for (let look = 1; look < LOOKS && reading.kind === "broken"; look++) {
    if (Date.now() - reading.version.writtenAt > YOUNG) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const before = reading.version.mark;
    reading = readRecord(fs, path, codec);
    if (reading.kind === "broken" && reading.version.mark === before) break;
  }
  return reading;
}

type Broken = Extract<Reading<never>, { kind: "broken" }>;

function leave(context: QuarantineContext, path: string, reading: Broken): Broken {
  context.damage.left({ path, reason: reading.reason }, reading.version.mark);
  return reading;
}

/** Only what was judged is moved: since then the file may have been replaced, or be written again. */
function setAside<T>(
  context: QuarantineContext,
  path: string,
  codec: Codec<T>,
  judged: string,
): Reading<T> {
  const { fs, damage } = context;
  const reading = readRecord(fs, path, codec);
  if (reading.kind !== "broken" || reading.version.mark !== judged) return reading;
  let movedTo: string;
  try {
    movedTo = freeName(fs, path);
    fs.renameSync(path, movedTo);
  } catch {
    // A full or read-only disk: the file stays, and is still not a record.
    return leave(context, path, reading);
  }
  damage.moved({ path, movedTo, reason: reading.reason });
  return reading;
}

function freeName(fs: FileSystem, path: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  for (let count = 1;; count++) {
    const name = `${path}.corrupt-${time}${count > 1 ? `-${count}` : ""}`;
    try {
      fs.lstatSync(name);
    } catch (error) {
      if (isAbsent(error)) return name;
      throw error;
    }
  }
}
