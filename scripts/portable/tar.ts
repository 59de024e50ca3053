/**
 * Tar archives that are the same to the byte wherever and whenever they are made: no owners, no times, the
 * order that was asked for. The format is POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format").
 *
 * @module
 */

/** Size of a header, and what contents are padded to, in bytes. */
const BLOCK = 512;

/** One file of an archive. */
export interface TarFile {
  /** Its path in the archive: at most 100 bytes, with `/` between folders. */
  readonly path: string;
  /** Its permission bits, such as `0o755`. */
  readonly mode: number;
  /** What is in it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Makes an archive.
 *
 * @param files What is in it, in this order. Folders are made by whoever unpacks it.
 * @returns The archive, in pieces.
 * @throws {RangeError} If a path is empty or longer than 100 bytes.
 *
 * @example
 * ```ts
 * import { tar } from "./tar.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const archive = new Blob(tar([{ path: "a/b", mode: 0o644, bytes: new Uint8Array(3) }]));
 * assertEquals(archive.size, 4 * 512);
 * ```
 */
export function tar(files: readonly TarFile[]): Uint8Array<ArrayBuffer>[] {
  const pieces = files.flatMap((file) => [
    header(file),
    file.bytes,
    new Uint8Array(-file.bytes.length & (BLOCK - 1)),
  ]);
  // Two empty blocks are the end.
  return [...pieces, new Uint8Array(2 * BLOCK)];
}

function header({ path, mode, bytes }: TarFile): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const encoder = new TextEncoder();
  const put = (offset: number, text: string) => block.set(encoder.encode(text), offset);
  const name = encoder.encode(path);
  if (name.length === 0 || name.length > 100) {
    throw new RangeError(`Cannot put "${path}" into an archive: its path has ${name.length} bytes`);
  }
  block.set(name, 0);
  put(100, octal(mode, 8));
  put(108, octal(0, 8)); // owner
  put(116, octal(0, 8)); // group
  put(124, octal(bytes.length, 12));
  put(136, octal(0, 12)); // time
  put(148, " ".repeat(8)); // the sum counts its own place as blanks
  put(156, "0"); // a regular file
  put(257, "ustar\0" + "00");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 7)} `);
  return block;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}
