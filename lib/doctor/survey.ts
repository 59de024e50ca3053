/**
 * One walk over the state directory: whose its files are, who may look at them, and which of them are no
 * records and should be.
 *
 * @module
 */
import { join } from "node:path";
import { Breather } from "../store/breather.ts";
import { isAbsent } from "../store/io_error.ts";
import { EXTENSION, idOf } from "../store/listing.ts";
import { TEMPORARY_NAME } from "../store/staged_file.ts";

/** Files or folders that have something in common. */
export interface Tally {
  /** How many there are. */
  readonly count: number;
  /** Paths below the root of the first hundred. */
  readonly names: readonly string[];
}

/** What a walk found. */
export interface Survey {
  /** What is at the root's path. */
  readonly root: "folder" | "absent" | "other";
  /** Whether group or others may do anything with the root itself. */
  readonly rootIsOpen: boolean;
  /** Folders below the root that group or others may do anything with. */
  readonly open: Tally;
  /** What belongs to another user than the root does. */
  readonly foreign: Tally;
  /** Folders that cannot be read. */
  readonly unreadable: Tally;
  /** Temporary files whose writer must be dead. */
  readonly leftovers: Tally;
  /** Records that were set aside as damaged. */
  readonly setAside: Tally;
  /** Files among the records that carry a name which the store gives to no record, so that it is blind to them. */
  readonly unseen: Tally;
}

/** Below the root no folder of ours lies deeper. */
const DEPTH = 8;

/** A temporary file lives for as long as one write takes, which is milliseconds. */
const LEFT_AFTER = 60_000;

const NAMES_KEPT = 100;
const BATCH = 128;
const SET_ASIDE = /\.corrupt-[0-9TZ]+(-\d+)?$/;
const RECORDS =
  /^(peers|requests\/(incoming|outgoing)|messages\/(incoming|outgoing)|outbox(\/failed)?)$/;

/**
 * Walks over a state directory. Links are not followed, except for the root itself.
 *
 * @param root The state directory.
 * @param now The present.
 * @returns What was found; of a root that is no folder only that.
 * @throws What the system says when the root cannot even be looked at.
 */
export async function survey(root: string, now: Date): Promise<Survey> {
  const found = new Walk(root, now.getTime());
  if (found.root !== "folder") return found;
  using breather = new Breather();
  const folders = [{ path: "", depth: 0 }];
  for (let next = folders.pop(); next; next = folders.pop()) {
    const { path, depth } = next;
    const visit = (batch: Deno.DirEntry[]) => {
      const inner = found.visit(path, batch.splice(0));
      if (depth < DEPTH) folders.push(...inner.map((path) => ({ path, depth: depth + 1 })));
    };
    const batch: Deno.DirEntry[] = [];
    try {
      for await (const entry of Deno.readDir(join(root, path))) {
        batch.push(entry);
        if (batch.length < BATCH) continue;
        visit(batch);
        if (breather.isDue) await breather.breathe();
      }
      visit(batch);
    } catch (error) {
      if (!isAbsent(error)) found.unreadable.add(path || ".");
    }
  }
  return found;
}

class Names implements Tally {
  readonly names: string[] = [];
  count = 0;

  add(name: string): void {
    this.count++;
    if (this.names.length < NAMES_KEPT) this.names.push(name);
  }
}

class Walk implements Survey {
  readonly root: Survey["root"];
  readonly rootIsOpen: boolean;
  readonly open = new Names();
  readonly foreign = new Names();
  readonly unreadable = new Names();
  readonly leftovers = new Names();
  readonly setAside = new Names();
  readonly unseen = new Names();
  readonly #path: string;
  readonly #now: number;
  readonly #owner: number | null;

  constructor(path: string, now: number) {
    this.#path = path;
    this.#now = now;
    const info = ifThere(() => Deno.statSync(path));
    this.root = info === undefined ? "absent" : info.isDirectory ? "folder" : "other";
    this.rootIsOpen = info !== undefined && isOpen(info);
    this.#owner = info?.uid ?? null;
  }

  /** Looks at some of a folder's entries and says which folders are among them. */
  visit(folder: string, entries: readonly Deno.DirEntry[]): string[] {
    const folders: string[] = [];
    for (const { name, isDirectory, isFile } of entries) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const info = ifThere(() => Deno.lstatSync(join(this.#path, path)));
      if (info === undefined) continue;
      if (info.uid !== this.#owner) this.foreign.add(path);
      if (isDirectory) {
        folders.push(path);
        if (isOpen(info)) this.open.add(path);
      }
      if (isFile) this.#visitFile(folder, name, path, info);
    }
    return folders;
  }

  #visitFile(folder: string, name: string, path: string, { mtime }: Deno.FileInfo): void {
    if (SET_ASIDE.test(name)) this.setAside.add(path);
    if (TEMPORARY_NAME.test(name)) {
      if (this.#now - (mtime?.getTime() ?? 0) > LEFT_AFTER) this.leftovers.add(path);
    } else if (RECORDS.test(folder) && !name.startsWith(".") && name.endsWith(EXTENSION)) {
      if (idOf(name) === undefined) this.unseen.add(path);
    }
  }
}

/** Windows has no modes, and says so. */
function isOpen({ mode }: Deno.FileInfo): boolean {
  return mode !== null && (mode & 0o077) !== 0;
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
