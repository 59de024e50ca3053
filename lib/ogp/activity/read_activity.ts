/**
 * Reading the log of activity: the newest entries, over as many days as it takes.
 *
 * @module
 */
import { type ActivityEntry, parseEntry } from "./activity_entry.ts";
import { activityFiles, readLines } from "./activity_files.ts";

/** Which entries are wanted. */
export interface ActivityFilter {
  /** Only about this peer: its key as DER. */
  readonly publicKey?: string | undefined;
  /** Only the newest so many. Default: all. */
  readonly last?: number | undefined;
}

/** What was read. */
export interface ReadActivity {
  /** The entries, the oldest first. */
  readonly entries: ActivityEntry[];
  /** Up to where each file was read, by its id. Files that were not needed are not there. */
  readonly ends: ReadonlyMap<string, number>;
}

/**
 * Reads the newest entries. Lines that are none are left out.
 *
 * @param state Where the log is.
 * @param filter Which ones.
 * @returns The entries.
 */
export async function readActivity(
  { root }: { readonly root: string },
  { publicKey, last = Infinity }: ActivityFilter = {},
): Promise<ReadActivity> {
  const newestFirst: ActivityEntry[] = [];
  const ends = new Map<string, number>();
  for (const { path } of (await activityFiles(root)).reverse()) {
    if (newestFirst.length >= last) break;
    const read = await readLines(path);
    // A file that was renamed meanwhile is met twice.
    if (!read || ends.has(read.id)) continue;
    const { lines } = read;
    ends.set(read.id, read.end);
    for (let i = lines.length - 1; i >= 0 && newestFirst.length < last; i--) {
      const entry = parseEntry(lines[i] ?? "");
      if (entry && isAbout(entry, publicKey)) newestFirst.push(entry);
    }
  }
  return { entries: newestFirst.reverse(), ends };
}

/**
 * Whether an entry is about a peer.
 *
 * @param entry The entry.
 * @param publicKey The peer's key as DER; `undefined` for any.
 * @returns Whether it is.
 */
export function isAbout(entry: ActivityEntry, publicKey: string | undefined): boolean {
  return publicKey === undefined || entry.publicKey === publicKey;
}
