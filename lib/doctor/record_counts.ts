/**
 * How many files there are in each folder of a state directory, and how large they are together.
 *
 * @module
 */
import { Breather } from "../store/breather.ts";

/** A folder. */
export interface RecordCount {
  /** Files in it. */
  files: number;
  /** Bytes of them together. */
  bytes: number;
}

/** Folders deeper than this are counted with their parent: their names may be those of chats and projects. */
const DEPTH = 2;

/**
 * Counts.
 *
 * @param root The state directory.
 * @returns Counts by folder, `.` for the root; folders within the second level are counted with it.
 */
export async function countRecords(root: string): Promise<Record<string, RecordCount>> {
  const counts: Record<string, RecordCount> = {};
  using breather = new Breather();
  const folders = [{ path: root, name: ".", depth: 0 }];
  for (let next = folders.pop(); next; next = folders.pop()) {
    const { path, name, depth } = next;
    const count = counts[name] ??= { files: 0, bytes: 0 };
    try {
      for await (const entry of Deno.readDir(path)) {
        const inner = `${path}/${entry.name}`;
        if (entry.isDirectory) {
          const own = depth === 0 ? entry.name : `${name}/${entry.name}`;
          folders.push({ path: inner, name: depth < DEPTH ? own : name, depth: depth + 1 });
        } else if (entry.isFile) {
          count.files++;
          count.bytes += await Deno.lstat(inner).then(({ size }) => size, () => 0);
        }
        if (breather.isDue) await breather.breathe();
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return counts;
}
