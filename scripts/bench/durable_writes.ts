/**
 * What any program pays that keeps a record before it says so: write a temporary file, fsync, rename,
 * fsync of the directory. Runs as a {@link ./helper.ts} process.
 *
 * @module
 */
import { doTasks } from "./helper.ts";

/** Writes to make. */
export interface DurableWrites {
  /** Where. */
  readonly folder: string;
  /** How many. */
  readonly count: number;
  /** How many at once. */
  readonly concurrency: number;
  /** How long each file is, in bytes. */
  readonly size: number;
}

let written = 0;

/** Makes the writes; returns how many a second. */
async function run({ folder, count, concurrency, size }: DurableWrites): Promise<number> {
  const bytes = new Uint8Array(size).fill(0x61);
  let left = count;
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (left-- > 0) await writeDurably(folder, `record-${written++}.json`, bytes);
  }));
  return count / ((performance.now() - started) / 1000);
}

async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${folder}/.${name}.tmp`;
  const file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
  await file.write(bytes);
  await file.sync();
  file.close();
  await Deno.rename(temporary, `${folder}/${name}`);
  const directory = await Deno.open(folder);
  await directory.sync();
  directory.close();
}

if (import.meta.main) await doTasks(run);
