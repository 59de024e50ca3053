/**
 * What was said in the rooms of the webchat, on disk: one record per message, so that an answer that grows
 * is written again alone.
 *
 * @module
 */
import { MeshError } from "../../../error.ts";
import { jsonCodec } from "../../../store/json_codec.ts";
import type { Collection, Store } from "../../../store/store.ts";

/** One message in a room. */
export interface RoomEntry {
  /** Who said it: the person at the page, or the bot. */
  readonly from: "person" | "bot";
  /** What. */
  readonly text: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** The page's own name for it, by which a repetition is noticed. */
  readonly key?: string;
}

/** A message with its id, which sorts by time. */
export interface RoomMessage extends RoomEntry {
  /** Unique in its room. */
  readonly id: string;
}

/** Most messages that a page is shown. */
const SHOWN = 200;

/** Most messages that are kept of a room. */
const KEPT = 1_000;

/** How many of the last messages a repetition is looked for in. */
const RECENT = 20;

const CODEC = jsonCodec<RoomEntry>({ parse: readEntry });

/** All rooms of one account. */
export class RoomLog {
  #last = 0;

  /**
   * The rooms in a store.
   *
   * @param store Where they are kept.
   * @param path The collection above the rooms', such as `ocg/webchat/default`.
   */
  constructor(private readonly store: Store, private readonly path: string) {}

  /**
   * Whether anything was ever said in a room.
   *
   * @param room The room's id.
   */
  async has(room: string): Promise<boolean> {
    return (await this.#room(room).ids()).length > 0;
  }

  /**
   * The end of a conversation.
   *
   * @param room The room's id.
   * @returns At most 200 messages, oldest first.
   */
  async read(room: string): Promise<RoomMessage[]> {
    const log = this.#room(room);
    return await readAll(log, (await log.ids()).slice(-SHOWN));
  }

  /**
   * Keeps a message.
   *
   * @param room The room's id.
   * @param entry The message.
   * @returns The message with its id, and whether it is new: one with the key of a recent one is not.
   */
  async append(room: string, entry: RoomEntry): Promise<{ message: RoomMessage; isNew: boolean }> {
    const log = this.#room(room);
    if (entry.key !== undefined) {
      const ids = await log.ids();
      const recent = await readAll(log, ids.slice(-RECENT));
      const known = recent.find(({ key }) => key === entry.key);
      if (known) return { message: known, isNew: false };
      for (const id of ids.slice(0, Math.max(0, ids.length - KEPT))) await log.delete(id);
    }
    for (;;) {
      const id = this.#nextId();
      if (await log.create(id, entry)) return { message: { id, ...entry }, isNew: true };
    }
  }

  /**
   * Changes a text of the bot.
   *
   * @param room The room's id.
   * @param id The message's id.
   * @param text Its new text.
   * @returns The message as it is now.
   * @throws {MeshError} `refused` if there is no such message of the bot.
   */
  async change(room: string, id: string, text: string): Promise<RoomMessage> {
    const kept = await this.#room(room).update(
      id,
      (entry) => entry?.from === "bot" ? { ...entry, text } : undefined,
    );
    if (kept?.from !== "bot") throw new MeshError("refused", `No message "${id}" to change`);
    return { id, ...kept };
  }

  /** Later ids sort after earlier ones, also within a millisecond. */
  #nextId(): string {
    this.#last = Math.max(this.#last + 1, Date.now() * 1000);
    return String(this.#last).padStart(17, "0");
  }

  #room(room: string): Collection<RoomEntry> {
    return this.store.collection(`${this.path}/${room}`, CODEC);
  }
}

async function readAll(log: Collection<RoomEntry>, ids: string[]): Promise<RoomMessage[]> {
  const entries = await Promise.all(ids.map(async (id) => ({ id, entry: await log.get(id) })));
  return entries.flatMap(({ id, entry }) => entry ? [{ id, ...entry }] : []);
}

function readEntry(value: unknown): RoomEntry {
  const { from, text, at, key } = value as Record<string, unknown>;
  if (from !== "person" && from !== "bot") throw new Error('"from" is neither person nor bot');
  if (typeof text !== "string" || typeof at !== "number") throw new Error("No text, or no time");
  return { from, text, at, ...(typeof key === "string" ? { key } : {}) };
}
