/**
 * Writing to the log of activity. It is for the owner to look at afterwards: nothing is decided by it, and
 * no message fails because of it.
 *
 * @module
 */
import type { FileStore } from "../../store/file_store.ts";
import { isAbsent } from "../../store/io_error.ts";
import type { ActivityLogging } from "../policies/policy_record.ts";
import { type ActivityEntry, printEntry } from "./activity_entry.ts";
import { activityFiles, activityPath } from "./activity_files.ts";

/** What happened; its time is added. `text` is the message's text. */
export interface ActivityEvent extends Omit<ActivityEntry, "at" | "preview"> {
  /** The message's text; only its beginning is kept, and only where the owner wants that. */
  readonly text?: string | undefined;
}

/** What is needed of the state. */
export interface ActivityState {
  /** The state directory. */
  readonly root: string;
  /** Its store. */
  readonly store: Pick<FileStore, "tryClaim">;
}

/** How to write. */
export interface LogOptions {
  /** What the owner wants logged, as `resolve` tells it. */
  readonly logging: ActivityLogging;
  /** The present. */
  readonly now?: Date;
  /** From how many bytes on a file is set aside as the older half of its day. Default 2 MB. */
  readonly largest?: number;
}

/** Two such files are a day: what a thousand entries an hour come to. */
const LARGEST = 2_000_000;

/** How many days are kept. */
const KEPT_DAYS = 90;

const DAY = 24 * 3_600_000;
const encoder = new TextEncoder();

/**
 * Appends an entry: one write of one line. Of a day that is too busy, its newest entries are kept. Never
 * fails.
 *
 * @param state The state.
 * @param event What happened.
 * @param options What is wanted of it.
 * @returns Whether it was written.
 */
export async function logActivity(
  state: ActivityState,
  event: ActivityEvent,
  { logging, now = new Date(), largest = LARGEST }: LogOptions,
): Promise<boolean> {
  if (logging === "off") return false;
  const at = now.toISOString();
  const { text, ...rest } = event;
  const preview = logging === "preview" && text !== undefined ? { preview: text } : {};
  try {
    const path = activityPath(state.root, at.slice(0, 10));
    const size = append(path, printEntry({ at, ...rest, ...preview }));
    if (size.before === 0) await sweepActivity(state.root, now);
    if (size.after >= largest) await setAside(state, at.slice(0, 10), largest);
    return true;
  } catch {
    return false;
  }
}

/**
 * Removes the files of days that are long past.
 *
 * @param root The state directory.
 * @param now The present.
 * @param keptDays How many days are kept.
 * @returns How many files were removed.
 */
export async function sweepActivity(
  root: string,
  now: Date,
  keptDays: number = KEPT_DAYS,
): Promise<number> {
  const oldest = new Date(now.getTime() - keptDays * DAY).toISOString().slice(0, 10);
  let removed = 0;
  for (const { path, day } of await activityFiles(root)) {
    if (day >= oldest) break;
    try {
      await Deno.remove(path);
      removed++;
    } catch (error) {
      // Another process sweeps as well.
      if (!isAbsent(error)) throw error;
    }
  }
  return removed;
}

/** Lines of several processes do not mix: each is one write to the end. */
function append(path: string, line: string): { before: number; after: number } {
  const bytes = encoder.encode(line);
  using file = openToAppend(path);
  const before = file.statSync().size;
  file.writeSync(bytes);
  return { before, after: before + bytes.length };
}

function openToAppend(path: string): Deno.FsFile {
  const options = { append: true, create: true, mode: 0o600 };
  try {
    return Deno.openSync(path, options);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    return Deno.openSync(path, options);
  }
}

/** Makes a file the older half of its day, in place of the half before. One process does it. */
async function setAside(
  { root, store }: ActivityState,
  day: string,
  largest: number,
): Promise<void> {
  await using claim = await store.tryClaim("ogp-activity");
  if (!claim) return;
  const path = activityPath(root, day);
  // Somebody else may have done it a moment ago.
  if ((await Deno.stat(path)).size < largest) return;
  await Deno.rename(path, activityPath(root, day, true));
}
