/**
 * What every store promises: records in named collections, each complete or absent, created once.
 *
 * Files (`file_store.ts`) are the implementation that a laptop needs; every implementation passes the same
 * case file (`tests/unit/store/cases.ts`). Whatever fails throws a `MeshError`: `malformed` for an id that
 * cannot be stored under, `too_large` for a record, `disk_full`, `io`, `locked`.
 *
 * @module
 */

/** Turns a record into text and back. `parse` throws a `SyntaxError` on text that is no record at all. */
export interface Codec<T> {
  /**
   * Reads a record. A `SyntaxError` means damage (the store sets the record aside); a `MeshError` means
   * that the text is sound but not what this version expects (the store reports it and leaves it alone).
   */
  parse(text: string): T;
  /** Writes a record, final newline included. */
  print(value: T): string;
}

/** A record with its id and when it last changed. */
export interface Entry<T> {
  /** The id that the record was stored under. */
  readonly id: string;
  /** The record. */
  readonly value: T;
  /** When it was last written, to the millisecond. */
  readonly modifiedAt: Date;
}

/** How to list a collection. */
export interface ListOptions {
  /** `name`: by id, ascending. `newest`: last written first, ties by id. Default `name`. */
  readonly order?: "name" | "newest";
  /** At most so many records. Default: all. */
  readonly limit?: number;
  /** Where the last page ended: its `cursor`. */
  readonly cursor?: string;
}

/** One page of a listing. */
export interface Page<T> {
  /** The records of this page, in order. Records that cannot be read are reported and left out. */
  readonly entries: Entry<T>[];
  /** Pass it on to get the next page; absent on the last one. */
  readonly cursor?: string;
}

/** A hint that a record may have changed: look at the record, not at the hint. */
export interface Change {
  /** The id of the record that may have been created, replaced or deleted. */
  readonly id: string;
}

/** How a collection is going to be used. */
export interface CollectionOptions {
  /**
   * Whether it may grow very large and its newest records are asked for again and again: then the store
   * keeps what it takes to find them without looking at each record. Default `false`. All who write to the
   * collection must agree on this.
   */
  readonly ordered?: boolean;
}

/** Records of one kind. Ids are any text; the store encodes them. */
export interface Collection<T> {
  /** The collection's path below the root, such as `messages/incoming`. */
  readonly name: string;
  /**
   * The record, or `undefined` if there is none. A damaged one counts as none, and is reported; a disk that
   * fails is an error, so that a fault of ours is never taken for somebody's absence.
   */
  get(id: string): Promise<T | undefined>;
  /** Whether there is a record under that id, readable or not. */
  has(id: string): Promise<boolean>;
  /**
   * Stores a new record durably. `false` if the id is taken, durably as well; then nothing was written. After
   * an error the record is not there, unless the disk would not even take it back.
   */
  create(id: string, value: T): Promise<boolean>;
  /**
   * Stores a record durably, in place of one that may be there. Waits for an update under way. After an
   * error the record is the old one or, if only the last step failed, perhaps the new one.
   */
  put(id: string, value: T): Promise<void>;
  /**
   * Changes a record under its lock, so that no change of another process is lost. `change` gets the
   * record or `undefined`, and returns what to store, or `undefined` to leave things as they are.
   * Returns what is stored afterwards. A record that is there and cannot be read is not written over: that
   * is `damaged`. `change` may use other records, and other locks, but not the same one again. It is called
   * once, or once more if there was no record and somebody created it meanwhile.
   */
  update(
    id: string,
    change: (current: T | undefined) => T | undefined | Promise<T | undefined>,
  ): Promise<T | undefined>;
  /** Removes a record durably. `false` if there was none. Waits for an update under way. */
  delete(id: string): Promise<boolean>;
  /** A page of records. What it costs grows with the collection, what it keeps only with the page. */
  list(options?: ListOptions): Promise<Page<T>>;
  /** All ids, ascending, without reading the records. */
  ids(): Promise<string[]>;
  /**
   * Hints of changes from now on, by any process, until `signal` aborts. May miss or repeat: whoever
   * needs certainty lists again from time to time.
   */
  watch(signal: AbortSignal): AsyncIterable<Change>;
}

/** A lock that is held; the kernel gives it back if its process dies. */
export interface Lock extends AsyncDisposable {
  /** Gives the lock back. */
  release(): Promise<void>;
}

/** A root with collections. */
export interface Store {
  /** A collection at `name` below the root (`""` is the root itself), created when first written to. */
  collection<T>(name: string, codec: Codec<T>, options?: CollectionOptions): Collection<T>;
  /**
   * Runs `work` while holding the named lock, across all processes on this root. Not re-entrant; other
   * names, and records, may be locked inside.
   *
   * @throws {MeshError} `locked` if somebody else holds it for longer than 10 s.
   */
  withLock<R>(name: string, work: () => Promise<R>): Promise<R>;
  /** Takes the named claim if nobody holds it, without waiting; `undefined` if somebody does. */
  tryClaim(name: string): Promise<Lock | undefined>;
}
