/**
 * The few operations on files that the store uses, as an interface, so that tests can put a full disk, a
 * failing fsync or a death in the middle of a write behind it.
 *
 * Small files are opened, written and renamed synchronously: that costs microseconds, where a promise
 * costs more than the call. What waits for the disk or for another process is asynchronous.
 *
 * @module
 */

/** What the store wants to know about a file. */
export interface FileStatus {
  /** Whether it is a plain file: no directory, link, pipe or device. */
  readonly isFile: boolean;
  /** Its length in bytes. */
  readonly size: number;
  /** When it was last written. */
  readonly mtime: Date | null;
  /** Its number within the device; `null` where there is none. */
  readonly ino: number | null;
  /** The device that it is on. */
  readonly dev: number;
}

/** An open file. */
export interface FileHandle {
  /** Reads into `buffer`; the number of bytes, or `null` at the end. */
  readSync(buffer: Uint8Array): number | null;
  /** Writes some of `bytes`; the number written. */
  writeSync(bytes: Uint8Array): number;
  /** Cuts the file to `length` bytes. */
  truncateSync(length: number): void;
  /** Resolves when everything written is on the disk (fsync). */
  sync(): Promise<void>;
  /** What is open, wherever its name points by now. */
  statSync(): FileStatus;
  /** Takes the file's lock (flock) if nobody holds it in a way that excludes this. */
  tryLockSync(exclusive: boolean): boolean;
  /** Waits for the file's lock (flock). Cannot be called off. */
  lock(exclusive: boolean): Promise<void>;
  /** Gives the file's lock back, for all copies of this handle. */
  unlockSync(): void;
  /** Gives up the handle and, unless there are copies of it, the lock. */
  close(): void;
}

/** How to open a file. */
export interface OpenOptions {
  /** Open it for reading. */
  readonly read?: boolean;
  /** Open it for writing. */
  readonly write?: boolean;
  /** Write at its end. */
  readonly append?: boolean;
  /** Create it if it is missing. */
  readonly create?: boolean;
  /** Create it, and fail if it is there. */
  readonly createNew?: boolean;
  /** The mode of a file that is created. */
  readonly mode?: number;
}

/** A name in a directory. */
export interface DirectoryEntry {
  /** The name, without its directory. */
  readonly name: string;
  /** Whether it is a plain file. */
  readonly isFile: boolean;
  /** Whether it is a directory, and not a link to one. */
  readonly isDirectory: boolean;
}

/** The operations on files that the store uses; each throws what `Deno` throws. */
export interface FileSystem {
  /** Opens a file or, for its fsync, a directory. */
  openSync(path: string, options: OpenOptions): FileHandle;
  /** What is at `path`, links not followed. */
  lstatSync(path: string): FileStatus;
  /** Gives a file a second name, which must be free. */
  linkSync(oldPath: string, newPath: string): void;
  /** Renames a file over whatever file has the new name. */
  renameSync(oldPath: string, newPath: string): void;
  /** Removes one name of a file. */
  removeSync(path: string): void;
  /** Creates one directory; its parent must be there. */
  mkdirSync(path: string, options: { mode: number }): void;
  /** The names in a directory, in no order. */
  readDir(path: string): AsyncIterable<DirectoryEntry>;
}

/** The real file system. */
export const denoFileSystem: FileSystem = {
  openSync: (path, options) => Deno.openSync(path, options),
  lstatSync: (path) => Deno.lstatSync(path),
  linkSync: (oldPath, newPath) => Deno.linkSync(oldPath, newPath),
  renameSync: (oldPath, newPath) => Deno.renameSync(oldPath, newPath),
  removeSync: (path) => Deno.removeSync(path),
  mkdirSync: (path, options) => Deno.mkdirSync(path, options),
  readDir: (path) => Deno.readDir(path),
};
