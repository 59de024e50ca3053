/**
 * One question to one agent through the whole dispatch, with what came of it.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import type { ChatAccount } from "../../lib/ocg/accounts.ts";
import type { OcgConfig } from "../../lib/ocg/config_types.ts";
import type { ActionContext } from "../define.ts";
import { converse } from "./conversation.ts";
import { MemoryChannel } from "./memory_channel.ts";

/** What came of it. Times are milliseconds since the question. */
export interface Trial {
  /** What the chat shows in the end: the answer, or a sentence on why there is none. */
  readonly shown: string;
  /** Until something was seen in the chat. */
  readonly firstMs: number | null;
  /** Until all of it was there. */
  readonly totalMs: number;
  /** In how many pieces the agent sent it; 0 if it came whole or by callback. */
  readonly pieces: number;
  /** Why there is no answer. */
  readonly error?: unknown;
}

/** What is tried. */
export interface TrialOptions {
  /** Terminal and environment. */
  readonly context: ActionContext;
  /** The state directory. */
  readonly root: string;
  /** The configuration. */
  readonly config: OcgConfig;
  /** Whose agent, and how it is asked. */
  readonly account: ChatAccount;
  /** The question. */
  readonly question: string;
  /** Milliseconds to wait for the answer. */
  readonly patienceMs: number;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/**
 * Tries an agent.
 *
 * @param options What is tried.
 * @returns What came of it; a failure of the agent is part of that.
 * @throws {MeshError} `interrupted`.
 */
export async function tryAgent(options: TrialOptions): Promise<Trial> {
  const { context, root, config, account, question, patienceMs, signal } = options;
  let error: unknown;
  let pieces = 0;
  let began = performance.now();
  let firstMs: number | null = null;
  const since = () => Math.round(performance.now() - began);
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const byCallback = account.async && account.agent.type === "openai";
  const channel = new MemoryChannel(() => {
    firstMs ??= since();
    if (byCallback) resolve();
  });
  const fail = (why: unknown) => {
    error ??= why;
    resolve();
  };
  try {
    await using _ = await converse({
      context,
      root,
      config,
      account,
      channel,
      onPiece: () => pieces++,
      onFailure: (why) => error ??= why,
      onEvent: (event) => {
        if (event.type === "answered") resolve();
        if (event.type === "fault") fail(new MeshError("io", event.error));
      },
    });
    began = performance.now();
    const timer = setTimeout(() => fail(late(patienceMs, byCallback)), patienceMs);
    const interrupt = () => fail(new MeshError("interrupted", "Interrupted"));
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      if (signal.aborted) interrupt();
      await channel.ask(question);
      await answered;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", interrupt);
    }
    const totalMs = since();
    signal.throwIfAborted();
    return { shown: channel.text, firstMs, totalMs, pieces, error };
  } catch (why) {
    if (signal.aborted) throw new MeshError("interrupted", "Interrupted", { cause: why });
    // The agent could not even be asked.
    return { shown: channel.text, firstMs, totalMs: since(), pieces, error: why };
  }
}

function late(patienceMs: number, byCallback: boolean): MeshError {
  const seconds = Math.round(patienceMs / 1000);
  return byCallback
    ? new MeshError(
      "timeout",
      `The agent took the question and did not call back in ${seconds} s`,
      {
        hint: 'the agent must POST {"reply": …} to the URL in the header X-OCG-Callback',
      },
    )
    : new MeshError("timeout", `The agent did not answer within ${seconds} s`, {
      hint: "--timeout 5m waits longer",
    });
}
