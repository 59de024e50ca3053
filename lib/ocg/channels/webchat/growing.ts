/**
 * Messages that grow: what they say now is known at once and written to the disk now and then, so that an
 * answer that comes in a thousand pieces costs a few writes.
 *
 * @module
 */

/** Writes what a message says. */
export type WriteText = (room: string, id: string, text: string) => Promise<unknown>;

/** Milliseconds between two writes of a message. */
const WRITE_EVERY = 2_000;

interface Entry {
  readonly room: string;
  readonly id: string;
  text: string;
  /** What is on the disk. */
  written: string;
  writing: Promise<unknown>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** The messages that grow at the moment. */
export class Growing {
  readonly #entries = new Map<string, Entry>();

  /**
   * None yet.
   *
   * @param write Writes what a message says; fails if there is no such message.
   * @param everyMs Milliseconds between two writes of a message.
   */
  constructor(private readonly write: WriteText, private readonly everyMs: number = WRITE_EVERY) {}

  /**
   * What a message says, if that may not be on the disk yet.
   *
   * @param room The room.
   * @param id The message's id.
   */
  textOf(room: string, id: string): string | undefined {
    return this.#entries.get(keyOf(room, id))?.text;
  }

  /**
   * Changes a message. The first change is on the disk when this resolves, later ones soon.
   *
   * @param room The room.
   * @param id The message's id.
   * @param text What it says now.
   * @throws {MeshError} As writing does.
   */
  async change(room: string, id: string, text: string): Promise<void> {
    const key = keyOf(room, id);
    const known = this.#entries.get(key);
    if (known) {
      known.text = text;
      return;
    }
    const writing = this.write(room, id, text);
    const entry: Entry = { room, id, text, written: text, writing, timer: undefined };
    this.#entries.set(key, entry);
    try {
      await writing;
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
    if (this.#entries.get(key) === entry) this.#later(entry);
  }

  /**
   * Ends a message's growth: what it says is on the disk when this resolves.
   *
   * @param room The room.
   * @param id The message's id.
   * @throws {MeshError} As writing does; it may be called again.
   */
  async settle(room: string, id: string): Promise<void> {
    const key = keyOf(room, id);
    const entry = this.#entries.get(key);
    if (!entry) return;
    clearTimeout(entry.timer);
    await this.#bring(entry).catch((error) => {
      this.#later(entry);
      throw error;
    });
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  /** Ends all growth. What cannot be written is left to whoever brings the answer again. */
  async settleAll(): Promise<void> {
    await Promise.allSettled(
      this.#entries.values().map(async (entry) => {
        clearTimeout(entry.timer);
        await this.#bring(entry);
      }),
    );
    this.#entries.clear();
  }

  /** Writes what is not on the disk yet, after what is being written. */
  async #bring(entry: Entry): Promise<void> {
    const { room, id, writing } = entry;
    const work = writing.catch(() => {}).then(async () => {
      const { text } = entry;
      if (text === entry.written) return;
      await this.write(room, id, text);
      entry.written = text;
    });
    entry.writing = work;
    await work;
  }

  #later(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(async () => {
      const isOver = entry.text === entry.written;
      await this.#bring(entry).catch(() => {});
      const key = keyOf(entry.room, entry.id);
      if (this.#entries.get(key) !== entry) return;
      // What has not grown for a while is not kept in mind.
      if (isOver && entry.text === entry.written) this.#entries.delete(key);
      else this.#later(entry);
    }, this.everyMs);
  }
}

function keyOf(room: string, id: string): string {
  return `${room}/${id}`;
}
