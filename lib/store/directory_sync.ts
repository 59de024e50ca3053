/**
 * Makes the names in a directory durable. Writers that wait for the same directory share one fsync: it
 * covers every change that was made before it started, so whoever comes while one is running waits for
 * the next, together with all others who came meanwhile.
 *
 * @module
 */

import type { FileSystem } from "./file_system.ts";
import { systemCode } from "./io_error.ts";

/** Some file systems have no fsync for directories and say so; their names are then as durable as can be. */
const UNSUPPORTED = new Set(["EINVAL", "EBADF", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Groups the fsyncs of directories. */
export class DirectorySync {
  readonly #fs: FileSystem;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /**
   * Groups the fsyncs on a file system.
   *
   * @param fs The file system to work on.
   */
  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /**
   * Waits until all changes that were made to the directory before this call are on the disk.
   *
   * @param directory Its path; that of a plain file does as well.
   * @throws What the fsync throws; every writer that waited for that fsync gets it.
   */
  sync(directory: string): Promise<void> {
    const running = this.#running.get(directory);
    if (running === undefined) return this.#start(directory);
    const waiting = this.#next.get(directory);
    if (waiting !== undefined) return waiting;
    const start = () => {
      this.#next.delete(directory);
      return this.#start(directory);
    };
    const next = running.then(start, start);
    this.#next.set(directory, next);
    return next;
  }

  #start(directory: string): Promise<void> {
    const done = () => void this.#running.delete(directory);
    const running = this.#fsync(directory).finally(done);
    this.#running.set(directory, running);
    return running;
  }

  async #fsync(directory: string): Promise<void> {
    // Windows has no handle on a directory that could be flushed.
    if (Deno.build.os === "windows") return;
    const handle = this.#fs.openSync(directory, { read: true });
    try {
      await handle.sync();
    } catch (error) {
      if (!UNSUPPORTED.has(systemCode(error) ?? "")) throw error;
    } finally {
      handle.close();
    }
  }
}
