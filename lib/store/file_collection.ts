/**
 * A collection as a folder: each record is the file `<encoded id>.json`.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { chooseNewest, JOURNALS } from "./arrivals.ts";
import { ArrivalNotes } from "./arrivals_notes.ts";
import { createFile, replaceFile, type WriteContext } from "./atomic_write.ts";
import { type Choice, choose } from "./choose.ts";
import { ioError, isAbsent } from "./io_error.ts";
import { EXTENSION, idOf, idsIn } from "./listing.ts";
import { makeDirectory } from "./make_directory.ts";
import { encodeName } from "./names.ts";
import { listPage } from "./page.ts";
import type { Position } from "./position.ts";
import { readOrSetAside } from "./quarantine.ts";
import { type Reading, RECORD_LIMIT } from "./read_record.ts";
import type { RecordLock } from "./record_lock.ts";
import type { RootContext } from "./root_context.ts";
import type {
  Change,
  Codec,
  Collection,
  CollectionOptions,
  Entry,
  ListOptions,
  Page,
} from "./store.ts";
import { watchFolder } from "./watch.ts";

/** Records of one kind in a folder. */
export class FileCollection<T> implements Collection<T> {
  /** The collection's path below the root. */
  readonly name: string;
  readonly #context: RootContext;
  readonly #codec: Codec<T>;
  readonly #directory: string;
  readonly #notes: ArrivalNotes | undefined;
  readonly #writing: WriteContext;

  /**
   * A collection in a root; its folder need not exist.
   *
   * @param context The root that it belongs to.
   * @param name Its path below the root.
   * @param codec Parses and prints its records.
   * @param options How it is going to be used.
   */
  constructor(
    context: RootContext,
    name: string,
    codec: Codec<T>,
    options: CollectionOptions = {},
  ) {
    this.name = name;
    this.#context = context;
    this.#codec = codec;
    this.#directory = name === "" ? context.root : `${context.root}/${name}`;
    const { fs, syncs, lockTimeout } = context;
    if (options.ordered && JOURNALS) this.#notes = new ArrivalNotes(fs, syncs, this.#directory);
    this.#writing = { fs, syncs, lockTimeout, notes: this.#notes };
  }

  /** See {@link Collection.get}. */
  async get(id: string): Promise<T | undefined> {
    const reading = await this.#read(id);
    return reading.kind === "record" ? reading.value : undefined;
  }

  /** See {@link Collection.has}. */
  async has(id: string): Promise<boolean> {
    return await this.#do("look for", id, () => Promise.resolve(this.#isThere(id)));
  }

  /** See {@link Collection.create}. */
  async create(id: string, value: T): Promise<boolean> {
    return await this.#create(id, this.#bytes(id, value));
  }

  /** See {@link Collection.put}. */
  async put(id: string, value: T): Promise<void> {
    const bytes = this.#bytes(id, value);
    while (true) {
      if (!await this.has(id) && await this.#create(id, bytes)) return;
      const replaced = await this.#alone(id, async (lock) => {
        if (lock.present) await this.#replace(id, bytes);
        return lock.present;
      });
      if (replaced) return;
      this.#refuseOthers(id);
    }
  }

  /** See {@link Collection.update}. */
  async update(
    id: string,
    change: (current: T | undefined) => T | undefined | Promise<T | undefined>,
  ): Promise<T | undefined> {
    this.#mayWrite(id);
    while (true) {
      const done = await this.#alone(id, async (lock) => {
        const current = await this.#current(id);
        // A lock that was taken without a record does not cover one that was created meanwhile, and one
        // that was taken with a record does not outlive its being set aside.
        if (lock.present !== (current !== undefined)) return undefined;
        const changed = await change(current);
        if (changed === undefined) return { stored: current };
        const bytes = this.#bytes(id, changed);
        if (lock.present) await this.#replace(id, bytes);
        else if (!await this.#createAlone(id, bytes)) return undefined;
        return { stored: changed };
      });
      if (done !== undefined) return done.stored;
      this.#refuseOthers(id);
    }
  }

  /** See {@link Collection.delete}. */
  async delete(id: string): Promise<boolean> {
    this.#mayWrite(id);
    const { fs, syncs } = this.#context;
    return await this.#do("delete", id, async () => {
      if (!this.#isThere(id)) return false;
      return await this.#alone(id, async ({ present }) => {
        if (!present) return false;
        await this.#noted(async () => {
          this.#notes?.note("-", this.#fileName(id));
          fs.removeSync(this.#path(id));
          await syncs.sync(this.#directory);
        });
        return true;
      });
    });
  }

  /** See {@link Collection.list}. */
  async list(options: ListOptions = {}): Promise<Page<T>> {
    try {
      return await listPage(options, (choice) => this.#choose(choice), (id) => this.#entry(id));
    } catch (error) {
      throw ioError(`Cannot list "${this.name}"`, error);
    }
  }

  /** See {@link Collection.ids}. */
  async ids(): Promise<string[]> {
    try {
      return (await idsIn(this.#context.fs, this.#directory)).sort();
    } catch (error) {
      throw ioError(`Cannot list "${this.name}"`, error);
    }
  }

  /** See {@link Collection.watch}. */
  watch(signal: AbortSignal): AsyncIterable<Change> {
    try {
      if (!this.#context.readonly) makeDirectory(this.#context.fs, this.#directory);
      return watchFolder(this.#directory, idOf, signal);
    } catch (error) {
      throw ioError(`Cannot watch "${this.name}"`, error);
    }
  }

  #choose(choice: Choice): Promise<Position[]> {
    return this.#notes !== undefined && choice.order === "newest"
      ? chooseNewest(this.#context, this.name, this.#directory, choice)
      : choose(this.#context.fs, this.#directory, choice);
  }

  /** A record as an item of a listing; a file that cannot be read is reported and left out. */
  async #entry(id: string): Promise<Entry<T> | undefined> {
    try {
      const reading = await this.#read(id);
      if (reading.kind !== "record") return undefined;
      return { id, value: reading.value, modifiedAt: reading.modifiedAt };
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      this.#context.damage.left({ path: this.#path(id), reason: error.message }, error.message);
      return undefined;
    }
  }

  #read(
    id: string,
    alone = (work: () => Promise<Reading<T>>) => this.#alone(id, work),
  ): Promise<Reading<T>> {
    const path = this.#path(id);
    return this.#do("read", id, () => readOrSetAside(this.#context, path, this.#codec, alone));
  }

  /** The record to change, for a caller who holds its lock. */
  async #current(id: string): Promise<T | undefined> {
    const reading = await this.#read(id, (work) => work());
    if (reading.kind === "record") return reading.value;
    if (reading.kind === "absent" || (reading.kind === "broken" && !await this.has(id))) {
      return undefined;
    }
    throw new MeshError("damaged", `${this.#cannot("change", id)}: ${reading.reason}`, {
      hint: "mend the file with an editor, or move it away",
    });
  }

  #create(id: string, bytes: Uint8Array): Promise<boolean> {
    return this.#do("store", id, async () =>
      await this.#createAs("link", id, bytes) ??
        await this.#alone(id, async ({ present }) => {
          return !present && await this.#createAs("rename", id, bytes) === true;
        }));
  }

  /** Creates a record for a caller who holds its lock, taken without it. */
  #createAlone(id: string, bytes: Uint8Array): Promise<boolean> {
    return this.#do("store", id, async () => {
      const created = await this.#createAs("link", id, bytes) ??
        await this.#createAs("rename", id, bytes);
      return created === true;
    });
  }

  /** A directory or a link of a record's name is nothing that could be changed, now or later. */
  #refuseOthers(id: string): void {
    const { fs } = this.#context;
    try {
      if (fs.lstatSync(this.#path(id)).isFile) return;
    } catch (error) {
      if (isAbsent(error)) return;
      throw ioError(this.#cannot("change", id), error);
    }
    throw new MeshError("io", `${this.#cannot("change", id)}: what has its name is not a file`, {
      hint: "move the directory or link away",
    });
  }

  #createAs(
    naming: "link" | "rename",
    id: string,
    bytes: Uint8Array,
  ): Promise<boolean | undefined> {
    const create = () =>
      createFile(this.#writing, this.#directory, this.#fileName(id), bytes, naming);
    return this.#context.gate.run(() => this.#noted(create));
  }

  #replace(id: string, bytes: Uint8Array): Promise<void> {
    const replace = () => replaceFile(this.#writing, this.#directory, this.#fileName(id), bytes);
    return this.#do("store", id, () => this.#context.gate.run(() => this.#noted(replace)));
  }

  #noted<R>(change: () => Promise<R>): Promise<R> {
    return this.#notes === undefined ? change() : this.#notes.during(change);
  }

  #alone<R>(id: string, work: (lock: RecordLock) => Promise<R>): Promise<R> {
    return this.#context.locks.withRecord(this.#path(id), `${this.name}/${id}`, work);
  }

  #isThere(id: string): boolean {
    try {
      return this.#context.fs.lstatSync(this.#path(id)).isFile;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  #bytes(id: string, value: T): Uint8Array {
    this.#mayWrite(id);
    const bytes = new TextEncoder().encode(this.#codec.print(value));
    if (bytes.length > RECORD_LIMIT) {
      const size = `it has ${bytes.length} bytes, and a record at most ${RECORD_LIMIT}`;
      throw new MeshError("too_large", `${this.#cannot("store", id)}: ${size}`);
    }
    return bytes;
  }

  #mayWrite(id: string): void {
    encodeName(id);
    if (!this.#context.readonly) return;
    throw new MeshError("refused", `${this.#cannot("change", id)}: the store is open for reading`);
  }

  async #do<R>(verb: string, id: string, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw ioError(this.#cannot(verb, id), error);
    }
  }

  #cannot(verb: string, id: string): string {
    return `Cannot ${verb} record "${id}" in "${this.name}"`;
  }

  #fileName(id: string): string {
    return encodeName(id) + EXTENSION;
  }

  #path(id: string): string {
    return `${this.#directory}/${this.#fileName(id)}`;
  }
}
