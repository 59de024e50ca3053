/**
 * The open pages of each room, and what is pushed to them as server-sent events.
 *
 * @module
 */

/** Milliseconds between signs of life, so that nothing in between takes the connection for dead. */
const ALIVE_MS = 20_000;

/** Most pages open at a time. */
const MOST = 4_000;

/** Most pages open at a time of one room. */
const MOST_OF_ROOM = 16;

/** Most events that may wait for a page; one that does not keep up comes back and reads from the disk. */
const MOST_WAITING = 1_000;

/** One open page. */
interface Page {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** What was pushed before the first event was there. */
  early: Uint8Array[] | undefined;
  close(): void;
}

const encoder = new TextEncoder();

/** Pushes events to open pages. */
export class Streams {
  readonly #rooms = new Map<string, Set<Page>>();
  #count = 0;
  #alive: ReturnType<typeof setInterval> | undefined;

  /**
   * Whether somebody looks.
   *
   * @param room The room.
   */
  isOpen(room: string): boolean {
    return this.#rooms.has(room);
  }

  /**
   * Opens a stream of events. What is pushed from now on waits until the beginning is there.
   *
   * @param room The room.
   * @param beginning Gives the first event's name and value.
   * @returns The stream, or `undefined` if there are too many.
   */
  open(
    room: string,
    beginning: () => Promise<[name: string, value: unknown]>,
  ): ReadableStream<Uint8Array> | undefined {
    const pages = this.#rooms.get(room) ?? new Set<Page>();
    if (this.#count >= MOST || pages.size >= MOST_OF_ROOM) return undefined;
    let page: Page | undefined;
    return new ReadableStream<Uint8Array>({
      start: async (controller) => {
        page = { controller, early: [], close: () => this.#remove(room, page!) };
        this.#rooms.set(room, pages.add(page));
        this.#count++;
        this.#alive ??= setInterval(() => this.#sayAlive(), ALIVE_MS);
        try {
          controller.enqueue(event(...await beginning()));
          for (const bytes of page.early ?? []) controller.enqueue(bytes);
          page.early = undefined;
        } catch {
          end(page);
        }
      },
      cancel: () => page?.close(),
    }, { highWaterMark: MOST_WAITING });
  }

  /**
   * Tells every open page of a room.
   *
   * @param room The room.
   * @param name The event's name.
   * @param value What it says, as JSON.
   */
  push(room: string, name: string, value: unknown): void {
    const pages = this.#rooms.get(room);
    if (!pages) return;
    const bytes = event(name, value);
    for (const page of [...pages]) write(page, bytes);
  }

  /**
   * Ends streams.
   *
   * @param room Whose; all without one.
   */
  close(room?: string): void {
    for (const [name, pages] of [...this.#rooms]) {
      if (room === undefined || room === name) { for (const page of [...pages]) end(page); }
    }
  }

  #sayAlive(): void {
    const bytes = encoder.encode(": alive\n\n");
    for (const pages of [...this.#rooms.values()]) {
      for (const page of [...pages]) write(page, bytes);
    }
  }

  #remove(room: string, page: Page): void {
    const pages = this.#rooms.get(room);
    if (!pages?.delete(page)) return;
    this.#count--;
    if (pages.size === 0) this.#rooms.delete(room);
    if (this.#count > 0) return;
    clearInterval(this.#alive);
    this.#alive = undefined;
  }
}

function write(page: Page, bytes: Uint8Array): void {
  if (page.early && page.early.push(bytes) < MOST_WAITING) return;
  if ((page.controller.desiredSize ?? 0) <= 0) return end(page);
  page.controller.enqueue(bytes);
}

function end(page: Page): void {
  page.close();
  try {
    page.controller.close();
  } catch {
    // The page was closed at the other end.
  }
}

/** JSON has no line breaks of its own, so it is always one line of the event. */
function event(name: string, value: unknown): Uint8Array {
  return encoder.encode(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
}
