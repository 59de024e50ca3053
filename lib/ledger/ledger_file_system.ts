/**
 * What the ledgers need of a file system: the store's operations, and reading at any place of a file.
 *
 * @module
 */

import {
  denoFileSystem,
  type FileHandle,
  type FileSystem,
  type OpenOptions,
} from "../store/file_system.ts";

/** An open file that can be read at any place. */
export interface LedgerHandle extends FileHandle {
  /** Moves to `offset` bytes from the beginning, for the next read. */
  seekSync(offset: number, whence: Deno.SeekMode): number;
}

/** The operations on files that the ledgers use; each throws what `Deno` throws. */
export interface LedgerFileSystem extends Omit<FileSystem, "openSync"> {
  /** Opens a file. */
  openSync(path: string, options: OpenOptions): LedgerHandle;
}

/** The real file system. */
export const denoLedgerFileSystem: LedgerFileSystem = {
  ...denoFileSystem,
  openSync: (path, options) => Deno.openSync(path, options),
};

/** What all ledgers of a folder have in common. */
export interface LedgerOptions {
  /** The most files to keep open while nobody uses them. Default 64. */
  readonly openFiles?: number;
  /** Milliseconds to wait for a file that another process has locked. Default 10,000. */
  readonly lockTimeout?: number;
  /** The file system to work on; for tests. */
  readonly fs?: LedgerFileSystem;
}
