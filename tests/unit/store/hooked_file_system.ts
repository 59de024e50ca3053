/**
 * The real file system with a hook before each operation, which can count it, refuse it, or stand in for
 * the death of the process.
 *
 * @module
 */

import {
  denoFileSystem,
  type FileHandle,
  type FileSystem,
} from "../../../lib/store/file_system.ts";

/** An operation; those on open files have the path that was opened. */
export type Operation =
  | "open"
  | "lstat"
  | "link"
  | "rename"
  | "remove"
  | "mkdir"
  | "readDir"
  | "read"
  | "write"
  | "truncate"
  | "sync"
  | "stat"
  | "lock";

/**
 * Called before each operation; what it throws, the operation throws. For a `write` it may return how many
 * bytes to write at most.
 */
export type Hook = (operation: Operation, path: string) => number | void;

/**
 * A file system with a hook.
 *
 * @param hook Called before each operation, except closing, which always succeeds.
 * @returns The file system.
 */
export function hookedFileSystem(hook: Hook): FileSystem {
  const real = denoFileSystem;
  const hooked = <R>(operation: Operation, path: string, work: () => R): R => {
    hook(operation, path);
    return work();
  };
  return {
    openSync: (path, options) =>
      hooked("open", path, () => hookedHandle(hook, path, real.openSync(path, options))),
    lstatSync: (path) => hooked("lstat", path, () => real.lstatSync(path)),
    linkSync: (from, to) => hooked("link", to, () => real.linkSync(from, to)),
    renameSync: (from, to) => hooked("rename", to, () => real.renameSync(from, to)),
    removeSync: (path) => hooked("remove", path, () => real.removeSync(path)),
    mkdirSync: (path, options) => hooked("mkdir", path, () => real.mkdirSync(path, options)),
    readDir: (path) => hooked("readDir", path, () => real.readDir(path)),
  };
}

/**
 * An open file with a hook.
 *
 * @param hook Called before each operation, except closing.
 * @param path What was opened.
 * @param file The open file.
 * @returns The file, as the hook lets it be.
 */
export function hookedHandle(hook: Hook, path: string, file: FileHandle): FileHandle {
  return {
    readSync(buffer) {
      hook("read", path);
      return file.readSync(buffer);
    },
    writeSync(bytes) {
      const most = hook("write", path) ?? bytes.length;
      return file.writeSync(bytes.subarray(0, most));
    },
    truncateSync(length) {
      hook("truncate", path);
      file.truncateSync(length);
    },
    async sync() {
      hook("sync", path);
      await file.sync();
    },
    statSync() {
      hook("stat", path);
      return file.statSync();
    },
    tryLockSync(exclusive) {
      hook("lock", path);
      return file.tryLockSync(exclusive);
    },
    async lock(exclusive) {
      hook("lock", path);
      await file.lock(exclusive);
    },
    unlockSync: () => file.unlockSync(),
    close: () => file.close(),
  };
}

/**
 * An error as the system reports it.
 *
 * @param code Such as `ENOSPC`.
 * @returns The error.
 */
export function systemError(code: string): Error {
  return Object.assign(new Error(`It failed (os error ${code})`), { code });
}
