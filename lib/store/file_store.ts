/**
 * The store on a laptop: a folder per collection and a JSON file per record, readable with `cat` and
 * repairable with an editor. Any number of processes may use one root at once.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { JOURNAL_FROM } from "./arrivals.ts";
import { replaceFile } from "./atomic_write.ts";
import { type DamageReport, DamageReporter } from "./damage.ts";
import { DirectorySync } from "./directory_sync.ts";
import { FileCollection } from "./file_collection.ts";
import { denoFileSystem, type FileSystem } from "./file_system.ts";
import { Gate } from "./gate.ts";
import { ioError } from "./io_error.ts";
import { LOCK_TIMEOUT, Locks } from "./locks.ts";
import { decodeName } from "./names.ts";
import type { RootContext } from "./root_context.ts";
import type { Codec, Collection, CollectionOptions, Lock, Store } from "./store.ts";
import { sweep } from "./sweep.ts";

/** The folder of lock files below the root. */
const LOCKS = "locks";

/** Each write under way holds an open file, of which systems allow as few as 256. */
const WRITES_AT_ONCE = 64;

/** How to open a root. */
export interface FileStoreOptions {
  /** The file system to work on. Default: the real one. */
  readonly fs?: FileSystem;
  /** Told of each file that cannot serve as a record, once. Default: nobody is told. */
  readonly onDamage?: (report: DamageReport) => void;
  /** Whether to change nothing at all: no record, no lock, no damaged file. Default `false`. */
  readonly readonly?: boolean;
  /** Milliseconds to wait for a lock that someone else holds. Default 10,000. */
  readonly lockTimeout?: number;
  /**
   * From how many records on an ordered collection has an arrivals journal, which names so many of the
   * newest. Default 2,000.
   */
  readonly journalFrom?: number;
}

/** A store in files. */
export interface FileStore extends Store {
  /** Where the collections are. */
  readonly root: string;
  /**
   * Removes the temporary files and locks of processes that died. For a daemon to do when it starts;
   * others may be at work meanwhile.
   *
   * @returns How many temporary files were removed.
   * @throws {MeshError} `io` if the folders cannot be read or changed.
   */
  sweep(): Promise<number>;
  /**
   * Writes a file that is no record, such as a key, with the same care: mode 0600, whole or absent,
   * durable when this returns, in place of one that may be there.
   *
   * @param path Below the root, with `/` between folders.
   * @param text What is in it.
   * @throws {MeshError} `disk_full` or `io`.
   */
  writeFile(path: string, text: string): Promise<void>;
}

/**
 * Opens a store in files. Nothing is read or created yet: folders come, with mode 0700, when they are
 * first written to, and an existing root keeps its mode.
 *
 * @param root The folder below which the collections are.
 * @param options Who is told of damage, and more.
 * @returns The store; it holds nothing open and need not be closed.
 * @throws {MeshError} `usage` for an empty path.
 *
 * @example
 * ```ts
 * import { openFileStore } from "./file_store.ts";
 * import { jsonCodec } from "./json_codec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const notes = openFileStore(root).collection(
 *   "notes",
 *   jsonCodec({ parse: (value) => value as { text: string } }),
 * );
 * assertEquals(await notes.create("first", { text: "hello" }), true);
 * assertEquals(await notes.create("first", { text: "again" }), false);
 * assertEquals(await notes.get("first"), { text: "hello" });
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export function openFileStore(root: string, options: FileStoreOptions = {}): FileStore {
  if (root === "") throw new MeshError("usage", "The path of the store is empty");
  const { fs = denoFileSystem, onDamage = () => {}, readonly = false } = options;
  const lockTimeout = options.lockTimeout ?? LOCK_TIMEOUT;
  const locks = new Locks(fs, `${root}/${LOCKS}`, lockTimeout);
  const context: RootContext = {
    root,
    fs,
    syncs: new DirectorySync(fs),
    locks,
    lockTimeout,
    gate: new Gate(WRITES_AT_ONCE),
    damage: new DamageReporter(onDamage),
    journalFrom: options.journalFrom ?? JOURNAL_FROM,
    readonly,
  };

  function mayChange(action: string): void {
    if (!readonly) return;
    throw new MeshError("refused", `Cannot ${action}: the store is open for reading`);
  }

  return {
    root,
    collection<T>(name: string, codec: Codec<T>, options?: CollectionOptions): Collection<T> {
      checkCollectionName(name);
      return new FileCollection(context, name, codec, options);
    },
    async withLock<R>(name: string, work: () => Promise<R>): Promise<R> {
      mayChange(`lock "${name}"`);
      return await locks.withLock(name, work);
    },
    async tryClaim(name: string): Promise<Lock | undefined> {
      mayChange(`claim "${name}"`);
      return await locks.tryClaim(name);
    },
    async writeFile(path: string, text: string): Promise<void> {
      mayChange(`write "${path}"`);
      const at = `${root}/${path}`;
      const slash = at.lastIndexOf("/");
      try {
        const bytes = new TextEncoder().encode(text);
        await replaceFile(context, at.slice(0, slash), at.slice(slash + 1), bytes);
      } catch (error) {
        throw ioError(`Cannot write "${at}"`, error);
      }
    },
    async sweep(): Promise<number> {
      mayChange("sweep");
      try {
        return await sweep(fs, root, `${root}/${LOCKS}`);
      } catch (error) {
        throw ioError("Cannot sweep the store", error);
      }
    },
  };
}

/** Names of collections come from the program; parts that do not must have gone through `encodeName`. */
function checkCollectionName(name: string): void {
  const parts = name === "" ? [] : name.split("/");
  if (parts[0] !== LOCKS && parts.every((part) => decodeName(part) !== undefined)) return;
  throw new MeshError("usage", `Collection "${name}" is not a path of encoded names`);
}
