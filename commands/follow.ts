/**
 * Messages as they come in: what is there, and then what is new.
 *
 * @module
 */
import { type InboxFilter, readInbox, type StoredMessage } from "../lib/mesh/inbox.ts";
import type { MeshState } from "../lib/mesh/state.ts";

/** Milliseconds between looks at the folder while nothing seems to happen: a watch may miss something. */
const LOOK_AGAIN = 5_000;

/** The same where the system cannot watch the folder. */
const LOOK_UNWATCHED = 500;

/**
 * A record's time is that of its writing, and it is seen when it is on the disk: records of several
 * writers appear in another order than their times say, by at most so many milliseconds.
 */
const OVERTAKING = 10_000;

/**
 * Hands out messages until it is told to stop, each once.
 *
 * @param state The state directory.
 * @param filter Which ones; `since` and `limit` are about those that are there already.
 * @param signal Ends it.
 * @returns The messages that are there, oldest first, then each new one.
 */
export async function* follow(
  state: Pick<MeshState, "messagesIn">,
  filter: InboxFilter,
  signal: AbortSignal,
): AsyncGenerator<StoredMessage> {
  const from = filter.from === undefined ? {} : { from: filter.from };
  let looked = Date.now();
  const look = async () => {
    const since = new Date(looked - OVERTAKING);
    looked = Date.now();
    return await readInbox(state, { ...from, since });
  };
  const seen = new Set((await look()).map(({ recordId }) => recordId));
  for (const message of await readInbox(state, filter)) {
    seen.add(message.recordId);
    yield message;
  }
  for await (const _ of hints(state, signal)) {
    const recent = await look();
    for (const message of recent) if (!seen.has(message.recordId)) yield message;
    seen.clear();
    for (const { recordId } of recent) seen.add(recordId);
  }
}

async function* hints(
  state: Pick<MeshState, "messagesIn">,
  signal: AbortSignal,
): AsyncGenerator<void> {
  let pause = LOOK_AGAIN;
  let wake = Promise.withResolvers<void>();
  const watch = async () => {
    for await (const _ of state.messagesIn.watch(signal)) wake.resolve();
  };
  const watching = watch().catch(() => {
    pause = LOOK_UNWATCHED;
    wake.resolve();
  });
  signal.addEventListener("abort", () => wake.resolve(), { once: true });
  while (!signal.aborted) {
    yield;
    const timer = setTimeout(() => wake.resolve(), pause);
    await wake.promise;
    clearTimeout(timer);
    wake = Promise.withResolvers();
  }
  await watching;
}
