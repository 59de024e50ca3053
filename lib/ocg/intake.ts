/**
 * Takes messages in: judged, put on disk once, and given a turn. What a channel repeats, because it did not
 * hear from us that it was taken, counts once.
 *
 * @module
 */
import type { ChatAccount } from "./accounts.ts";
import { type Admission, admission } from "./admission.ts";
import type { ChatMessage } from "./channel.ts";
import type { MessageRecord, WaitingRecord } from "./records.ts";
import { type OcgState, recordName, waitingName } from "./state.ts";

/** What became of a message. */
export type Taken =
  | { readonly state: "new"; readonly waiting: WaitingRecord }
  | { readonly state: "repeated"; readonly waiting?: WaitingRecord }
  | { readonly state: "refused"; readonly admission: Admission & { admitted: false } };

let sequence = 0;

/**
 * Takes a message.
 *
 * @param state The state.
 * @param account The account that it came to.
 * @param message The message.
 * @param now The present.
 * @param authenticated Whether the channel lets nobody write whom the owner did not let in.
 * @returns What became of it; it is on disk if it was admitted.
 * @throws {MeshError} if it cannot be stored.
 */
export async function takeMessage(
  state: OcgState,
  account: ChatAccount,
  message: ChatMessage,
  now: Date,
  authenticated = false,
): Promise<Taken> {
  const judged = await admission(state, account, message, now, authenticated);
  if (!judged.admitted) return { state: "refused", admission: judged };
  const messages = await state.messages(message);
  const name = await recordName(message.id);
  // The order is that of arrival, whatever the disk makes of it.
  const place = { receivedAt: now.toISOString(), sequence: ++sequence };
  const isNew = await messages.create(name, recordOf(message, place.receivedAt));
  const { channel, account: accountName, chat, id } = message;
  if (isNew) {
    const waiting = { channel, account: accountName, chat, id, ...place };
    await state.waiting.create(await waitingName(waiting), waiting);
    return { state: "new", waiting };
  }
  const known = await messages.get(name);
  if (known?.state !== "waiting") return { state: "repeated" };
  // It was put on disk and perhaps got no turn.
  const receivedAt = known.receivedAt;
  const waiting = { channel, account: accountName, chat, id, receivedAt, sequence: place.sequence };
  await state.waiting.create(await waitingName(waiting), waiting);
  return { state: "repeated", waiting };
}

/**
 * What waits for its turn on an account, in order.
 *
 * @param state The state.
 * @param account The account.
 * @param account.channel The channel's id.
 * @param account.account The account's name.
 * @returns The messages.
 */
export async function waitingOf(
  state: OcgState,
  account: { readonly channel: string; readonly account: string },
): Promise<WaitingRecord[]> {
  const { entries } = await state.waiting.list();
  return entries.map(({ value }) => value)
    .filter((one) => one.channel === account.channel && one.account === account.account)
    .sort((a, b) =>
      a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : a.sequence - b.sequence
    );
}

function recordOf(message: ChatMessage, receivedAt: string): MessageRecord {
  const { channel, account, chat, id, kind, sender, text, sentAt } = message;
  const at = Number.isNaN(sentAt.getTime()) ? receivedAt : sentAt.toISOString();
  return {
    channel,
    account,
    chat,
    id,
    kind,
    sender: { id: sender.id, name: sender.name.slice(0, 200).toWellFormed() },
    text: text.toWellFormed(),
    sentAt: at,
    receivedAt,
    state: "waiting",
  };
}
