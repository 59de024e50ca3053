/**
 * Received messages as they come in: what is there, and then what is new.
 *
 * @module
 */
import {
  type IncomingMessage,
  type OgpInboxFilter,
  readOgpInbox,
} from "../../../lib/ogp/incoming.ts";
import type { OgpState } from "../../../lib/ogp/state.ts";
import { changes } from "./changes.ts";

/**
 * A record's time is that of its writing, and it is seen when it is on the disk: records of several
 * writers appear in another order than their times say, by at most so many milliseconds.
 */
const OVERTAKING = 10_000;

/**
 * Hands out messages until it is told to stop, each once.
 *
 * @param state The state.
 * @param filter Which ones; `since` and `limit` are about those that are there already.
 * @param signal Ends it.
 * @returns The messages that are there, oldest first, then each new one.
 */
export async function* followInbox(
  state: Pick<OgpState, "messagesIn">,
  filter: OgpInboxFilter,
  signal: AbortSignal,
): AsyncGenerator<IncomingMessage> {
  let looked = Date.now();
  const look = async () => {
    const since = new Date(looked - OVERTAKING);
    looked = Date.now();
    return await readOgpInbox(state, { from: filter.from, since });
  };
  const seen = new Set((await look()).map(({ name }) => name));
  for (const message of await readOgpInbox(state, filter)) {
    seen.add(message.name);
    yield message;
  }
  for await (const _ of changes(state.messagesIn, signal)) {
    const recent = await look();
    for (const message of recent) if (!seen.has(message.name)) yield message;
    seen.clear();
    for (const { name } of recent) seen.add(name);
  }
}
