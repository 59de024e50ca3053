/**
 * Messages as they come in, of either protocol: what is there, and then what is new.
 *
 * @module
 */
import type { Collection } from "../lib/store/store.ts";
import { changes } from "./changes.ts";

/**
 * A record's time is that of its writing, and it is seen when it is on the disk: records of several
 * writers appear in another order than their times say, by at most so many milliseconds.
 */
const OVERTAKING = 10_000;

/** Which messages are followed. */
export interface Following<Message, Filter> {
  /** Where they are stored. */
  readonly collection: Pick<Collection<unknown>, "watch">;
  /** Reads messages, oldest first. */
  readonly read: (filter: Filter & { since?: Date | undefined }) => Promise<Message[]>;
  /** The name of a message's record. */
  readonly nameOf: (message: Message) => string;
  /** Which ones; `since` and `limit` are about those that are there already. */
  readonly filter: Filter & { since?: Date | undefined; limit?: number | undefined };
}

/**
 * Hands out messages until it is told to stop, each once.
 *
 * @param following Which messages.
 * @param signal Ends it.
 * @returns The messages that are there, oldest first, then each new one.
 */
export async function* follow<Message, Filter>(
  { collection, read, nameOf, filter }: Following<Message, Filter>,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  const { since: _since, limit: _limit, ...lasting } = filter;
  let looked = Date.now();
  const look = async () => {
    const since = new Date(looked - OVERTAKING);
    looked = Date.now();
    return await read({ ...lasting as Filter, since });
  };
  const seen = new Set((await look()).map(nameOf));
  for (const message of await read(filter)) {
    seen.add(nameOf(message));
    yield message;
  }
  for await (const _ of changes(collection, signal)) {
    const recent = await look();
    for (const message of recent) if (!seen.has(nameOf(message))) yield message;
    seen.clear();
    for (const message of recent) seen.add(nameOf(message));
  }
}
