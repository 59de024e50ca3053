/**
 * Reading one record's file, within limits, and judging what is in it.
 *
 * @module
 */

import { messageOf } from "../error.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import type { Codec } from "./store.ts";

/** The longest record in bytes. A longer file is not read, and a longer record not written. */
export const RECORD_LIMIT = 4 * 1024 * 1024;

/** What tells one state of a file from another. */
export interface FileVersion {
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenAt: number;
  /** The state as a text to compare: number, length and time. */
  readonly mark: string;
}

/** What a file turned out to be. */
export type Reading<T> =
  /** There is no plain file of that name. */
  | { readonly kind: "absent" }
  /** A record. */
  | { readonly kind: "record"; readonly value: T; readonly modifiedAt: Date }
  /** Not the text of any record: half-written or spoilt. */
  | { readonly kind: "broken"; readonly reason: string; readonly version: FileVersion }
  /** Sound perhaps, but not for us: of another shape, or too long. */
  | { readonly kind: "foreign"; readonly reason: string; readonly version: FileVersion };

/**
 * Reads a record's file. Only plain files are records: links, pipes and directories are not followed,
 * opened or entered.
 *
 * @param fs The file system to work on.
 * @param path The file.
 * @param codec Parses the text.
 * @returns What it is.
 * @throws What the system says when a file that is there cannot be read.
 */
export function readRecord<T>(fs: FileSystem, path: string, codec: Codec<T>): Reading<T> {
  let handle: FileHandle;
  try {
    if (!fs.lstatSync(path).isFile) return { kind: "absent" };
    handle = fs.openSync(path, { read: true });
  } catch (error) {
    if (isAbsent(error)) return { kind: "absent" };
    throw error;
  }
  try {
    const { size, mtime, ino } = handle.statSync();
    const writtenAt = mtime?.getTime() ?? 0;
    const version = { writtenAt, mark: `${ino} ${size} ${writtenAt}` };
    if (size > RECORD_LIMIT) {
      const reason = `File has ${size} bytes, and a record at most ${RECORD_LIMIT}`;
      return { kind: "foreign", reason, version };
    }
    return judge(readBytes(handle, size), codec, version);
  } finally {
    handle.close();
  }
}

function judge<T>(bytes: Uint8Array, codec: Codec<T>, version: FileVersion): Reading<T> {
  if (bytes.length === 0) return { kind: "broken", reason: "File is empty", version };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { kind: "broken", reason: "File is not UTF-8", version };
  }
  try {
    return { kind: "record", value: codec.parse(text), modifiedAt: new Date(version.writtenAt) };
  } catch (error) {
    const kind = error instanceof SyntaxError ? "broken" : "foreign";
    return { kind, reason: messageOf(error), version };
  }
}

/** At most `size` bytes: what grows meanwhile is left for the next reading. */
function readBytes(handle: FileHandle, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = handle.readSync(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}
