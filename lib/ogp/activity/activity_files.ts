/**
 * The files of the log of activity: `ogp/activity/<date>.jsonl`, and what was written earlier on a busy day
 * in `<date>.old.jsonl`. A day is a day in UTC.
 *
 * @module
 */
import { isAbsent } from "../../store/io_error.ts";

/** One file of the log. */
export interface ActivityFile {
  /** Its path. */
  readonly path: string;
  /** Its day, such as `2026-03-12`. */
  readonly day: string;
}

/** The whole lines of a file from some place on. */
export interface ActivityLines {
  /** The lines, without line breaks. */
  readonly lines: readonly string[];
  /** Where the next line will begin, in bytes. */
  readonly end: number;
  /** Which file it is, also after it was renamed. */
  readonly id: string;
}

const NAME = /^(\d{4}-\d{2}-\d{2})(\.old)?\.jsonl$/;
const NEWLINE = 0x0a;

/**
 * Where the log is.
 *
 * @param root The state directory.
 * @returns The folder.
 */
function activityFolder(root: string): string {
  return `${root}/ogp/activity`;
}

/**
 * The file that entries of a day go to.
 *
 * @param root The state directory.
 * @param day The day, such as `2026-03-12`.
 * @param old Whether the file of what was written earlier is meant.
 * @returns The path.
 */
export function activityPath(root: string, day: string, old = false): string {
  return `${activityFolder(root)}/${day}${old ? ".old" : ""}.jsonl`;
}

/**
 * All files of the log.
 *
 * @param root The state directory.
 * @returns The files, the oldest first.
 */
export async function activityFiles(root: string): Promise<ActivityFile[]> {
  const folder = activityFolder(root);
  const found: (ActivityFile & { readonly order: string })[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      const [, day, old] = NAME.exec(name) ?? [];
      if (!isFile || day === undefined) continue;
      found.push({ path: `${folder}/${name}`, day, order: day + (old === undefined ? "1" : "0") });
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return found.sort((a, b) => a.order < b.order ? -1 : 1).map(({ path, day }) => ({ path, day }));
}

/**
 * How long a file is.
 *
 * @param path The file.
 * @returns Its id as {@link readLines} tells it, and its length in bytes; `undefined` if it is gone.
 */
export async function fileLength(path: string): Promise<[id: string, bytes: number] | undefined> {
  try {
    const info = await Deno.stat(path);
    return [idOf(path, info), info.size];
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/**
 * Reads whole lines; one that is just being written is left for later.
 *
 * @param path The file.
 * @param from Where to begin in it, in bytes; a file that is shorter is another one, and read whole.
 * @returns The lines, or `undefined` if the file is gone.
 */
export async function readLines(
  path: string,
  from: (id: string) => number = () => 0,
): Promise<ActivityLines | undefined> {
  try {
    using file = await Deno.open(path);
    const info = await file.stat();
    const { size } = info;
    const id = idOf(path, info);
    const wanted = from(id);
    const begin = wanted > size ? 0 : wanted;
    if (begin > 0) await file.seek(begin, Deno.SeekMode.Start);
    const bytes = await readUpTo(file, size - begin);
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    const lines = new TextDecoder().decode(whole).split("\n").filter((line) => line !== "");
    return { lines, end: begin + whole.length, id };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Where the system does not number files, a file that was renamed is another one. */
function idOf(path: string, { dev, ino }: Deno.FileInfo): string {
  return ino === null ? path : `${dev}:${ino}`;
}

async function readUpTo(file: Deno.FsFile, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}
