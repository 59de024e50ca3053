/**
 * What an agent is to a chat, and the agent that is a URL of chat completions.
 *
 * @module
 */
import { type AgentMessage, askAgent } from "../agent/client.ts";
import type { AgentChoice } from "./accounts.ts";
import { forwardQuestion } from "./forward.ts";

/** A question out of a chat. */
export interface ChatQuestion {
  /** The conversation, the last message being what is to be answered. */
  readonly messages: readonly AgentMessage[];
  /** The conversation's name, `<channel>:<account>:<chat>`. */
  readonly session: string;
  /** The chat's address as `X-OCG-Target` has it. */
  readonly target: string;
  /** The message's id in its conversation, the same when it is asked again after a crash. */
  readonly id?: string | undefined;
}

/** An answer. */
export interface ChatAnswer {
  /** The text, never blank. */
  readonly text: string;
  /** Whether the agent had more to say than it may. */
  readonly truncated?: boolean;
}

/** How to ask. */
export interface ChatAskOptions {
  /** Gives up. */
  readonly signal: AbortSignal;
  /** Takes pieces of the answer as they come, if they do. */
  readonly onText: (piece: string) => void;
}

/** How to hand over. */
export interface ChatForwardOptions {
  /** Gives up. */
  readonly signal: AbortSignal;
  /** Told if the agent says no only after the question seemed to be taken; at most once. */
  readonly onLate: (error: unknown) => void;
}

/** An agent. */
export interface ChatAgent {
  /**
   * Asks and waits for the answer.
   *
   * @param question What.
   * @param options How.
   * @returns The answer.
   * @throws {MeshError} if there is none; an `AgentError` tells best why.
   */
  ask(question: ChatQuestion, options: ChatAskOptions): Promise<ChatAnswer>;
  /**
   * Hands a question over, to be answered by callback; only where an agent can do that.
   *
   * @param question What.
   * @param callback Where the answer goes.
   * @param options How.
   * @throws {MeshError} if the agent does not take it.
   */
  forward?(question: ChatQuestion, callback: string, options: ChatForwardOptions): Promise<void>;
  /** Ends what it holds open. */
  stop?(): Promise<void>;
}

/** How long answers may take. */
export interface AgentLimits {
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
  /** Milliseconds of silence. */
  readonly idleTimeoutMs: number;
}

/**
 * The agent behind a URL. The URL is used as it is.
 *
 * @param choice URL, model and key.
 * @param limits How long answers may take.
 * @returns The agent.
 */
export function httpAgent(choice: AgentChoice, limits: AgentLimits): ChatAgent {
  const endpoint = { url: new URL(choice.url), apiKey: choice.apiKey, model: choice.model };
  const { timeoutMs, idleTimeoutMs } = limits;
  return {
    async ask({ messages, session, target }, { signal, onText }) {
      const question = {
        messages,
        user: session,
        stream: true,
        headers: { "x-ocg-target": target },
      };
      return await askAgent(endpoint, question, {
        timeoutMs,
        idleMs: idleTimeoutMs,
        signal,
        onText,
      });
    },
    forward: (question, callback, options) =>
      forwardQuestion(endpoint, question, callback, { timeoutMs, ...options }),
  };
}
