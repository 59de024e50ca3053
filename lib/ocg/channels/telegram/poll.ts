/**
 * Long polling. Telegram forgets an update when a later question names an offset above it; the offset
 * therefore moves on only when the update is safe here, and what came in but was not confirmed when we
 * died comes again, under the same id.
 *
 * @module
 */
import { messageOf } from "../../../error.ts";
import { Backoff, type BackoffBounds } from "../backoff.ts";
import { pause } from "../pause.ts";
import type { TelegramApi } from "./client.ts";
import { type Fault, faultOf } from "./fault.ts";

/** What polling needs. */
export interface PollOptions {
  /** The methods of the Bot API. */
  readonly api: TelegramApi;
  /** Seconds that Telegram may hold a question for news. */
  readonly seconds: number;
  /** How long to wait after failures. */
  readonly backoff: BackoffBounds;
  /** Takes an update; resolves when it is safe. */
  readonly take: (update: unknown) => Promise<void>;
  /** Told that it works, or why not. */
  readonly onState: (error: string | undefined) => void;
  /** Ends the polling. */
  readonly signal: AbortSignal;
}

/** Most seconds of the question that finds out whether a second poller is gone. */
const CONFLICT_SECONDS = 5;

/** Least milliseconds that a question for news takes, of servers that do not hold it. */
const LEAST_HELD = 1_000;

/** Most milliseconds for the last confirmation. */
const FAREWELL_MS = 2_000;

/** A failure of ours to keep an update, in contrast to those of Telegram. */
class NotKept extends Error {}

/**
 * Polls until the signal aborts.
 *
 * @param options What to poll and whom to tell.
 * @returns A fault that trying again cannot mend, or `undefined` once the signal has aborted.
 */
export async function poll(options: PollOptions): Promise<Fault | undefined> {
  const { api, signal, onState } = options;
  const backoff = new Backoff(options.backoff);
  const place: Place = { next: 0, confirmed: 0 };
  // The first question after a failure is not held: its answer tells that it works again.
  let seconds = 0;
  while (!signal.aborted) {
    try {
      const asked = performance.now();
      const count = await ask(options, place, seconds);
      onState(undefined);
      // An answer that came at once without news proves little: two pollers can both get one.
      if (count > 0 || seconds > 0) backoff.reset();
      const held = performance.now() - asked;
      if (count === 0 && seconds > 0 && held < LEAST_HELD) await pause(LEAST_HELD - held, signal);
      seconds = options.seconds;
    } catch (error) {
      if (signal.aborted) break;
      const fault: Fault = error instanceof NotKept
        ? { kind: "down", text: error.message }
        : faultOf(error);
      if (fault.kind === "token") return fault;
      onState(sentenceOf(fault));
      seconds = fault.kind === "conflict" ? Math.min(CONFLICT_SECONDS, options.seconds) : 0;
      const wait = backoff.next();
      await pause(fault.kind === "flood" ? fault.seconds * 1000 : wait, signal);
    }
  }
  if (place.next > place.confirmed) await sayGoodbye(api, place.next);
  return undefined;
}

/** How far we are. */
interface Place {
  /** The number of the first update that is not safe here; 0 before the first. */
  next: number;
  /** The number below which Telegram has forgotten them. */
  confirmed: number;
}

async function ask(options: PollOptions, place: Place, seconds: number): Promise<number> {
  const { api, signal, take } = options;
  const offset = place.next;
  const updates: unknown = await api.getUpdates(
    { timeout: seconds, allowed_updates: ["message"], ...(offset > 0 ? { offset } : {}) },
    signal,
  );
  place.confirmed = offset;
  if (!Array.isArray(updates)) throw new Error("An answer of an unknown shape");
  for (const update of updates) {
    if (signal.aborted) break;
    const number = (update as { update_id?: unknown } | null)?.update_id;
    if (typeof number !== "number" || !Number.isSafeInteger(number)) {
      throw new Error("An update without a number");
    }
    await take(update).catch((error) => {
      throw new NotKept(`Cannot keep a message: ${messageOf(error)}`);
    });
    place.next = number + 1;
  }
  return updates.length;
}

/** Confirms what came last, so that the next start does not see it again. A failure does no harm. */
async function sayGoodbye(api: TelegramApi, offset: number): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), FAREWELL_MS);
  await api.getUpdates({ offset, limit: 1, timeout: 0 }, late.signal).catch(() => {});
  clearTimeout(timer);
}

/** Why it does not work, for the owner. */
export function sentenceOf(fault: Fault): string {
  switch (fault.kind) {
    case "conflict":
      return `Another program takes this bot's messages: "${fault.text}"`;
    case "flood":
      return `Telegram asks to wait for ${Math.ceil(fault.seconds)} s`;
    case "token":
      return "Telegram refuses the bot's token";
    case "refused":
      return `Telegram refuses this: "${fault.text}"`;
    case "moved":
      return `The group has moved to the id ${fault.chat}`;
    case "down":
      return `Cannot reach Telegram: ${fault.text}`;
  }
}
