/**
 * One message's way: the day's budget, the agent, the answer into the chat. Each step is on disk before the
 * next one begins, so that a start after a crash goes on where it was: the agent may be asked again, a
 * message of ours may be there twice if the crash came between sending and writing that down, and nothing
 * else is repeated.
 *
 * @module
 */
import { codeOf, MeshError, messageOf } from "../error.ts";
import { type ChatAccount, sessionKey } from "./accounts.ts";
import type { Callbacks } from "./callbacks.ts";
import type { Channel, ChatAddress } from "./channel.ts";
import type { ChatAgent, ChatQuestion } from "./chat_agent.ts";
import type { Handled } from "./conversations.ts";
import { Answering, type DeliveryParts } from "./delivery.ts";
import type { OnOcgEvent } from "./event.ts";
import { conversationOf } from "./history.ts";
import { LiveAnswer } from "./live_answer.ts";
import type { MessageRecord, WaitingRecord } from "./records.ts";
import { budgetSentence, failedAnswer, TRUNCATED } from "./sentences.ts";
import { answerLock, type OcgState, recordName, waitingName } from "./state.ts";
import { targetOf } from "./target.ts";
import { keepTyping } from "./typing.ts";

/** What it takes. */
export interface DispatchParts {
  /** The state. */
  readonly state: OcgState;
  /** What holds for the account. */
  readonly account: ChatAccount;
  /** Its channel. */
  readonly channel: Channel;
  /** Its agent. */
  readonly agent: ChatAgent;
  /** Where answers by callback are expected. */
  readonly callbacks: Callbacks;
  /** Told of what happens. */
  readonly onEvent: OnOcgEvent;
  /** The present. */
  readonly now: () => Date;
}

/** What the day's budget was charged for: trying again costs nothing. */
const charged = new WeakSet<WaitingRecord>();

/** Gives a message another turn, when something comes of it after its own; work is waited for at the end. */
export type AnotherTurn = (work: () => Promise<WaitingRecord | undefined>) => void;

/** Milliseconds before an answer is brought again, by failures. */
const WAITS = [2_000, 10_000, 60_000, 300_000] as const;
/** Milliseconds after which an answer is not brought any more. */
const STALE = 24 * 3_600_000;
/** Budgets count messages only. */
const ANY_LENGTH = Number.MAX_SAFE_INTEGER;

/**
 * Does what is to be done for a message that waits.
 *
 * @param parts What it takes.
 * @param waiting The message.
 * @param failures How often it was tried in vain.
 * @param signal Interrupts it.
 * @param anotherTurn Gives it another turn.
 * @returns Whether it is finished.
 * @throws {MeshError} if this machine cannot store anything.
 */
export async function dispatch(
  parts: DispatchParts,
  waiting: WaitingRecord,
  failures: number,
  signal: AbortSignal,
  anotherTurn: AnotherTurn,
): Promise<Handled> {
  const { state, account, channel, agent, now } = parts;
  const messages = await state.messages(waiting);
  const name = await recordName(waiting.id);
  const delivery: DeliveryParts = { channel, messages, name, now };
  const finished = async (): Promise<Handled> => {
    await state.waiting.delete(await waitingName(waiting));
    return "done";
  };
  const record = await messages.get(name);
  if (!record) return await finished();
  const isNew = isUnanswered(record);
  if (!isNew && record.state !== "answering") return await finished();
  try {
    if (isNew && !charged.has(waiting)) {
      if (!await withinBudget(parts, record, signal)) {
        await messages.put(name, { ...record, state: "over_budget" });
        return await finished();
      }
      charged.add(waiting);
    }
    if (isNew && account.async && agent.forward) {
      const onLate = (fail: () => Promise<MessageRecord | undefined>) =>
        anotherTurn(async () => {
          if (!await fail()) return undefined;
          await state.waiting.create(await waitingName(waiting), waiting);
          return waiting;
        });
      const failed = await forward(parts, delivery, record, signal, onLate);
      if (failed) await deliver(parts, new Answering(delivery, failed, signal));
      return await finished();
    }
    if (isNew) await deliver(parts, await ask(parts, delivery, record, signal));
    else await deliverLeft(parts, delivery, record, signal);
    return await finished();
  } catch (error) {
    if (signal.aborted) return { retryMs: 0 };
    if (error instanceof BusyError) return { retryMs: WAITS[0] };
    if (!(error instanceof UndeliveredError)) throw error;
    return await undelivered(parts, delivery, error, failures) ?? await finished();
  }
}

/** The chat could not be told. */
class UndeliveredError extends Error {
  constructor(readonly record: MessageRecord, override readonly cause: unknown) {
    super(messageOf(cause));
  }
}

/** The answer is being brought by somebody else right now. */
class BusyError extends Error {}

/** Delivers what an earlier run has left, unless a callback brings the same meanwhile. */
async function deliverLeft(
  parts: DispatchParts,
  delivery: DeliveryParts,
  record: MessageRecord,
  signal: AbortSignal,
): Promise<void> {
  const { store } = parts.state;
  try {
    await store.withLock(await answerLock(record), async () => {
      const now = await delivery.messages.get(delivery.name);
      if (now?.state === "answering") await deliver(parts, new Answering(delivery, now, signal));
    });
  } catch (error) {
    throw codeOf(error) === "locked" ? new BusyError() : error;
  }
}

/** Asks the agent, and shows its answer while it is written. */
async function ask(
  { account, channel, agent, onEvent }: DispatchParts,
  delivery: DeliveryParts,
  record: MessageRecord,
  signal: AbortSignal,
): Promise<Answering> {
  // What an interrupted answer has left can be written over, or else stays.
  const sent = channel.capabilities.edit ? record.sent : undefined;
  const answering = new Answering(delivery, { ...record, sent }, signal);
  const live = new LiveAnswer(answering.writer, channel.capabilities);
  const typing = keepTyping(channel, record.chat);
  let outcome: Pick<MessageRecord, "answer" | "isError">;
  try {
    const question = await questionOf(account, delivery, record);
    const { text, truncated } = await agent.ask(question, {
      signal,
      onText: (piece) => live.add(piece),
    });
    outcome = { answer: truncated ? text + TRUNCATED : text };
  } catch (error) {
    if (signal.aborted) throw error;
    onEvent({ ...addressOf(record), type: "agent_failed", error: messageOf(error) });
    outcome = { answer: failedAnswer(error), isError: true };
  } finally {
    typing.stop();
    await live.end();
  }
  await answering.change({ ...outcome, state: "answering" });
  return answering;
}

/** Hands the question over; returns what to deliver if the agent did not take it. */
async function forward(
  { account, agent, callbacks, onEvent }: DispatchParts,
  delivery: DeliveryParts,
  record: MessageRecord,
  signal: AbortSignal,
  onLate: (fail: () => Promise<MessageRecord | undefined>) => void,
): Promise<MessageRecord | undefined> {
  const { messages, name } = delivery;
  const asked = await messages.update(
    name,
    // An answer to an earlier forwarding may be on its way into the chat right now.
    (now) => now && isUnanswered(now) ? { ...now, state: "asked" } : undefined,
  );
  if (asked?.state !== "asked") return undefined;
  const { url, withdraw } = await callbacks.open(record);
  const fail = async (error: unknown) => {
    // An agent that was interrupted by our own end may answer all the same.
    if (signal.aborted) throw error;
    await withdraw();
    onEvent({ ...addressOf(record), type: "agent_failed", error: messageOf(error) });
    const failure = { state: "answering", answer: failedAnswer(error), isError: true } as const;
    let failed: MessageRecord | undefined;
    // It may have called back and then failed: that answer stands.
    await messages.update(
      name,
      (now) => failed = now?.state === "asked" ? { ...now, ...failure } : undefined,
    );
    return failed;
  };
  try {
    const question = await questionOf(account, delivery, record);
    const late = (error: unknown) => onLate(() => fail(error));
    await agent.forward?.(question, url, { signal, onLate: late });
    onEvent({ ...addressOf(record), type: "forwarded" });
    return undefined;
  } catch (error) {
    return await fail(error);
  }
}

function isUnanswered({ state }: MessageRecord): boolean {
  return state === "waiting" || state === "asked";
}

async function deliver({ onEvent }: DispatchParts, answering: Answering): Promise<void> {
  try {
    const { answer = "", sent = [], ...record } = await answering.deliver();
    onEvent({ ...addressOf(record), type: "answered", said: answer, parts: sent.length });
  } catch (error) {
    throw new UndeliveredError(answering.record, error);
  }
}

/** Decides whether to try again; `undefined` if not. */
async function undelivered(
  { onEvent, now }: DispatchParts,
  { messages, name }: DeliveryParts,
  { record, cause, message }: UndeliveredError,
  failures: number,
): Promise<Handled | undefined> {
  const age = now().getTime() - Date.parse(record.receivedAt);
  // What comes with advice, such as on a token that is no longer valid, is the owner's to mend.
  const mendable = cause instanceof MeshError && cause.hint !== undefined;
  const again = (codeOf(cause) !== "refused" || mendable) && age < STALE;
  onEvent({ ...addressOf(record), type: "undelivered", error: message, again });
  if (!again) {
    await messages.put(name, { ...record, state: "failed" });
    return undefined;
  }
  await messages.put(name, record);
  const wait = WAITS[Math.min(failures, WAITS.length - 1)] ?? 0;
  const asked = cause instanceof MeshError ? cause.retryAfter ?? 0 : 0;
  return { retryMs: Math.min(Math.max(wait, asked * 1000), STALE) };
}

async function withinBudget(
  { state, account, channel, now }: DispatchParts,
  record: MessageRecord,
  signal: AbortSignal,
): Promise<boolean> {
  const { dailyMessages } = account;
  if (dailyMessages === 0) return true;
  const session = sessionKey(record);
  const limit = { messages: dailyMessages, bytes: ANY_LENGTH };
  if ((await state.tallies.spend(session, limit, 0, now())).ok) return true;
  const once = { messages: 1, bytes: ANY_LENGTH };
  if (!(await state.tallies.spend(`told ${session}`, once, 0, now())).ok) return false;
  // Whoever cannot be told finds out by the silence.
  const told = { text: budgetSentence(dailyMessages), isError: true };
  await channel.send(record.chat, told, signal).catch(() => {});
  return false;
}

async function questionOf(
  { historyTurns }: ChatAccount,
  { messages }: DeliveryParts,
  record: MessageRecord,
): Promise<ChatQuestion> {
  return {
    messages: await conversationOf(messages, record, historyTurns),
    session: sessionKey(record),
    target: targetOf(record),
    id: record.id,
  };
}

function addressOf({ channel, account, chat }: ChatAddress): ChatAddress {
  return { channel, account, chat };
}
