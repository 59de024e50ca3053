/**
 * Letting people in: a stranger gets a short code, which the owner approves if the person tells it by a way
 * that the owner trusts.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { ChatMessage } from "./channel.ts";
import type { PairingRecord } from "./records.ts";
import { type OcgState, recordName } from "./state.ts";

/** 32 letters and digits that are not taken for each other. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_LENGTH = 8;
/** Milliseconds for which a code holds. */
const CODE_LIFE = 24 * 3_600_000;
/** Milliseconds after which a person who goes on writing is told again. */
const TELL_AGAIN = 3_600_000;
/** Most codes that wait for the owner, over all channels: strangers must not fill the disk or the list. */
const MOST_PENDING = 100;

/**
 * Whether the owner has let a person in.
 *
 * @param state The state.
 * @param message A message of the person.
 * @returns `true` if so, on this account of this channel.
 */
export async function isPaired(state: OcgState, message: ChatMessage): Promise<boolean> {
  return (await state.pairings.get(await nameOf(message)))?.status === "approved";
}

/**
 * Gives a stranger a code.
 *
 * @param state The state.
 * @param message What the stranger wrote, in a direct chat.
 * @param now The present.
 * @returns The code if the stranger is to be told now, `undefined` if that was done or too many wait.
 */
export async function pairingCode(
  state: OcgState,
  message: ChatMessage,
  now: Date,
): Promise<string | undefined> {
  const name = await nameOf(message);
  let tell: string | undefined;
  const known = await state.pairings.has(name);
  if (!known && await isFull(state, now)) return undefined;
  await state.pairings.update(name, (current) => {
    tell = undefined;
    if (current?.status === "approved") return undefined;
    const held = current && isFresh(current, now) ? current : undefined;
    if (held && now.getTime() - Date.parse(held.toldAt) < TELL_AGAIN) return undefined;
    const { channel, account, chat, sender } = message;
    const at = now.toISOString();
    tell = held?.code ?? newCode();
    return {
      channel,
      account,
      chat,
      sender: { id: sender.id, name: sender.name.slice(0, 200) },
      status: "pending",
      code: tell,
      askedAt: held?.askedAt ?? at,
      toldAt: at,
    };
  });
  return tell;
}

/**
 * Everybody who was let in, or waits for it.
 *
 * @param state The state.
 * @param now The present: codes that no longer hold are left out.
 * @returns The records.
 */
export async function listPairings(state: OcgState, now: Date): Promise<PairingRecord[]> {
  const { entries } = await state.pairings.list();
  return entries.map(({ value }) => value)
    .filter((record) => record.status === "approved" || isFresh(record, now));
}

/**
 * Lets the person in who got a code.
 *
 * @param state The state.
 * @param code The code, in any case.
 * @param now The present.
 * @returns Who was let in.
 * @throws {MeshError} `not_found` if no code like this waits.
 */
export async function approvePairing(
  state: OcgState,
  code: string,
  now: Date,
): Promise<PairingRecord> {
  const wanted = code.trim().toUpperCase();
  const pending = (await listPairings(state, now)).find((record) =>
    record.status === "pending" && record.code === wanted
  );
  const name = pending && await recordName(pending.channel, pending.account, pending.sender.id);
  const approved = name && await state.pairings.update(name, async (current) => {
    if (current?.status !== "pending" || current.code !== wanted) return undefined;
    await state.audit.decision({
      event: "ocg.sender.approved",
      channel: current.channel,
      account: current.account,
      sender: current.sender.id,
      name: current.sender.name,
    });
    return { ...current, status: "approved", approvedAt: now.toISOString() };
  });
  if (approved && approved.status === "approved") return approved;
  throw new MeshError("not_found", `No code "${wanted.slice(0, 20)}" waits for approval`, {
    hint: "codes hold for a day; the person gets a new one by writing again",
  });
}

/**
 * Takes back that a person was let in.
 *
 * @param state The state.
 * @param who The person.
 * @param who.channel The channel's id.
 * @param who.account The account's name.
 * @param who.sender The platform's id of the person.
 * @returns Whether the person was known.
 */
export async function removePairing(
  state: OcgState,
  { channel, account, sender }: { channel: string; account: string; sender: string },
): Promise<boolean> {
  await state.audit.decision({ event: "ocg.sender.removed", channel, account, sender });
  return await state.pairings.delete(await recordName(channel, account, sender));
}

/**
 * Forgets codes that no longer hold.
 *
 * @param state The state.
 * @param now The present.
 */
export async function sweepPairings(state: OcgState, now: Date): Promise<void> {
  for (const { id, value } of (await state.pairings.list()).entries) {
    if (value.status === "pending" && !isFresh(value, now)) await state.pairings.delete(id);
  }
}

async function isFull(state: OcgState, now: Date): Promise<boolean> {
  const waiting = (await listPairings(state, now)).filter(({ status }) => status === "pending");
  return waiting.length >= MOST_PENDING;
}

function isFresh({ askedAt }: PairingRecord, now: Date): boolean {
  return now.getTime() - Date.parse(askedAt) < CODE_LIFE;
}

async function nameOf({ channel, account, sender }: ChatMessage): Promise<string> {
  return await recordName(channel, account, sender.id);
}

function newCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(CODE_LENGTH));
  return Array.from(bytes, (byte) => ALPHABET[byte & 31]).join("");
}
