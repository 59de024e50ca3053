/**
 * OpenClaw's A2A channel (A2A 1.0 over JSON-RPC): a message becomes a task, and the task's artifact is
 * the agent's answer. As OpenClaw 2026.9.6 does it.
 *
 * OpenClaw gives a finished run's answer to the oldest open task of the conversation, and has a message join
 * a run of the conversation that is under way; so two messages of one conversation are never under way at
 * once. Its tasks are in memory. A message id that it has seen, also before a restart, becomes a task that
 * stays open for ever; so every attempt has an id of its own.
 *
 * @module
 */
import { saidBy } from "../agent/redact.ts";
import { RequestError } from "../agent/request.ts";
import { A2aClient, A2aError, type A2aTask } from "./a2a_client.ts";
import type { OpenClawConfig } from "./config_types.ts";
import { deliveryId } from "./delivery_id.ts";
import { noticeOf, outcomeOfNotice } from "./openclaw_notice.ts";
import type { Handover, HandoverOptions, HandoverOutcome, TargetCheck } from "./handover.ts";
import {
  failed,
  MEND_SECONDS,
  outcomeOfError,
  outcomeOfStatus,
  retry,
  SENTENCES,
} from "./outcomes.ts";
import { sessionOf } from "./session.ts";

/** How long to wait before each look at a task, in milliseconds; the last is repeated. */
const LOOKS = [500, 1000, 2000, 3000, 5000];
/** The channel lets a peer ask 30 times a minute, for all its messages together. */
const BUSY_LOOK = 10_000;
const RATE_LIMITED = /rate limited/i;

/** Most sessions whose lost answers are remembered. */
const MOST_GIVEN_UP = 1000;

/** The A2A channel of one gateway. */
export class OpenClawA2a {
  /** A crash before the task's id is written down has the message run once more: it is owed an answer. */
  readonly idempotent = false;
  readonly #client: A2aClient;
  readonly #secret: string;
  readonly #timeoutMs: number;
  readonly #looks: readonly number[];
  readonly #busy = new Set<string>();
  /** How often the agent was given up in a session: its late answer would be taken for the next one's. */
  readonly #givenUp = new Map<string, number>();

  /**
   * The channel; nothing is sent yet.
   *
   * @param config Where it is.
   * @param token The token of the channel's peer.
   * @param looks How long to wait before each look at a task, in milliseconds; for tests.
   */
  constructor(
    { url, timeoutMs }: Pick<OpenClawConfig, "url" | "timeoutMs">,
    token: string,
    looks: readonly number[] = LOOKS,
  ) {
    this.#client = new A2aClient(new URL(`${url.replace(/\/+$/, "")}/a2a/v1`), token);
    this.#secret = token;
    this.#timeoutMs = timeoutMs;
    this.#looks = looks;
  }

  /**
   * Hands a message on and waits for the answer.
   *
   * @param handover The message.
   * @param options How.
   * @returns What came of it.
   */
  async handOn(handover: Handover, options: HandoverOptions): Promise<HandoverOutcome> {
    const session = await sessionOf(handover);
    if (this.#busy.has(session)) {
      return retry("An earlier message of the conversation is not answered yet", 15);
    }
    this.#busy.add(session);
    try {
      const deadline = performance.now() + this.#timeoutMs;
      const task = await this.#begin(handover, session, options);
      const last = await this.#wait(task, deadline, options.signal);
      if (!last.open) return this.#outcomeOfTask(last);
      this.#giveUp(session);
      return failed("OpenClaw's agent did not answer in time", SENTENCES.timeout);
    } catch (error) {
      return this.#outcomeOf(error);
    } finally {
      this.#busy.delete(session);
    }
  }

  /**
   * Looks whether the channel is on and the token right: asking for a task that is not there is refused,
   * but only to those who may ask.
   *
   * @param options How.
   * @returns What was found.
   */
  async check({ signal }: HandoverOptions): Promise<TargetCheck> {
    try {
      await this.#client.look("none", signal);
    } catch (error) {
      if (error instanceof A2aError && error.taskGone) {
        return { ok: true, detail: "OpenClaw's A2A channel is on and knows the token" };
      }
      const outcome = this.#outcomeOf(error);
      return { ok: false, detail: "reason" in outcome ? outcome.reason : outcome.kind };
    }
    return { ok: true, detail: "OpenClaw's A2A channel is on" };
  }

  /** The task of an earlier attempt, or a new one. */
  async #begin(
    handover: Handover,
    session: string,
    { signal, ticket, onHanded }: HandoverOptions,
  ): Promise<A2aTask> {
    const before = ticket === undefined ? undefined : await this.#recall(ticket, signal);
    if (before && noticeOf(before.text) === undefined) return before;
    const attempt = crypto.randomUUID();
    const messageId = `${await deliveryId(handover.id)}:${attempt}`;
    // After a restart OpenClaw goes on with a run by itself, and the message would join it.
    const apart = handover.conversationId === undefined || (ticket !== undefined && !before);
    const contextId = apart ? `${session}:${attempt}` : this.#contextOf(session);
    const task = await this.#client.send({ messageId, contextId, text: handover.frame }, signal);
    await onHanded?.(task.id);
    return task;
  }

  async #recall(ticket: string, signal: AbortSignal | undefined): Promise<A2aTask | undefined> {
    try {
      return await this.#client.look(ticket, signal);
    } catch (error) {
      if (error instanceof A2aError && error.taskGone) return undefined;
      throw error;
    }
  }

  /** The conversation, or what takes its place after an answer of it was given up. */
  #contextOf(session: string): string {
    const times = this.#givenUp.get(session);
    return times === undefined ? session : `${session}:${times}`;
  }

  #giveUp(session: string): void {
    this.#givenUp.set(session, (this.#givenUp.get(session) ?? 0) + 1);
    const [oldest] = this.#givenUp.keys();
    if (this.#givenUp.size > MOST_GIVEN_UP && oldest !== undefined) this.#givenUp.delete(oldest);
  }

  /** Looks at a task until it has ended or there is no time left. */
  async #wait(
    first: A2aTask,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<A2aTask> {
    let task = first;
    let busy = false;
    for (let look = 0; task.open; look++) {
      const wait = busy ? BUSY_LOOK : this.#looks[Math.min(look, this.#looks.length - 1)] ?? 0;
      const left = deadline - performance.now();
      if (left <= 0) break;
      await sleep(Math.min(wait, left), signal);
      busy = false;
      try {
        task = await this.#client.look(task.id, signal);
      } catch (error) {
        // The task goes on whether or not we can look at it just now.
        if (isRateLimited(error)) busy = true;
        else if (!(error instanceof RequestError) || signal?.aborted) throw error;
      }
    }
    return task;
  }

  #outcomeOfTask({ state, text, words }: A2aTask): HandoverOutcome {
    const said = saidBy(state === "TASK_STATE_COMPLETED" ? text : words, [this.#secret]);
    if (state !== "TASK_STATE_COMPLETED") {
      const reason = `OpenClaw's task ended as ${state}: ${said || "no reason given"}`;
      return failed(reason, SENTENCES.failed);
    }
    const notice = noticeOf(text);
    if (notice) return outcomeOfNotice(notice, said);
    if (text.trim() === "") {
      return failed("OpenClaw's agent answered without text", SENTENCES.empty);
    }
    return { kind: "replied", success: true, data: { text: text.trim().toWellFormed() } };
  }

  #outcomeOf(error: unknown): HandoverOutcome {
    if (!(error instanceof A2aError)) return outcomeOfError(error);
    const { status, retryAfter, taskGone, misspoken } = error;
    const words = saidBy(error.words, [this.#secret]);
    if (taskGone) return retry("OpenClaw forgot the task; most likely it was restarted");
    if (status !== 200) return outcomeOfStatus("OpenClaw", status, words, retryAfter);
    if (RATE_LIMITED.test(words)) return retry(`OpenClaw's A2A channel: ${words}`, 60);
    const reason = `OpenClaw's A2A channel refuses: ${words}`;
    return misspoken ? failed(reason, SENTENCES.refused) : retry(reason, MEND_SECONDS);
  }
}

function isRateLimited(error: unknown): boolean {
  return error instanceof A2aError && error.status === 200 && RATE_LIMITED.test(error.words);
}

/** Sleeps; an interruption ends it as it ends an exchange. */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  signal?.addEventListener("abort", wake, { once: true });
  if (signal?.aborted) wake();
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener("abort", wake);
  if (signal?.aborted) throw new RequestError("interrupted", "The exchange was interrupted");
}
