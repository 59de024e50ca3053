/**
 * One question under way at an agent that speaks ACP: the text that has come, and what the end of it means.
 *
 * @module
 */
import { AgentError } from "../../agent/agent_error.ts";
import type { ChatAnswer } from "../chat_agent.ts";

/** Most characters of an answer. */
export const LONGEST_ANSWER: number = 256 * 1024;

/** An update of a session, as far as it is looked at. */
interface Update {
  readonly sessionUpdate?: unknown;
  readonly content?: unknown;
  readonly messageId?: unknown;
}

/** What is known of one answer. */
export class Turn {
  /** The text so far. */
  text = "";
  /** Whether the agent asked to be allowed something, and was not. */
  declined = false;
  readonly #onText: (piece: string) => void;
  readonly #onFull: () => void;
  #message: unknown;
  #gap = false;
  #full = false;

  /**
   * Nothing has come yet.
   *
   * @param onText Takes pieces of the text as they come.
   * @param onFull Told once when there is more than {@linkcode LONGEST_ANSWER}; the rest is left out.
   */
  constructor(onText: (piece: string) => void, onFull: () => void) {
    this.#onText = onText;
    this.#onFull = onFull;
  }

  /**
   * Takes an update. What the agent thinks, plans and does with tools is passed over; but what it says
   * before and after is apart.
   *
   * @param value The `update` of a `session/update`, as it came.
   */
  take(value: unknown): void {
    const update = (typeof value === "object" ? value : undefined) as Update | undefined;
    if (update?.sessionUpdate === "tool_call") this.#gap = true;
    if (update?.sessionUpdate !== "agent_message_chunk") return;
    const piece = textIn(update.content);
    if (piece === "") return;
    const message = update.messageId ?? undefined;
    if (message !== this.#message) this.#gap = true;
    this.#message = message;
    const apart = this.#gap && this.text !== "" && !this.text.endsWith("\n");
    this.#gap = false;
    this.#add(apart ? `\n\n${piece}` : piece);
  }

  /**
   * The answer, once the agent has said why it stopped.
   *
   * @param reason Its `stopReason`.
   * @returns The answer.
   * @throws {AgentError} if there is none.
   */
  answer(reason: string): ChatAnswer {
    const text = this.text.toWellFormed().trim();
    const partial = this.text;
    if (reason === "refusal") {
      throw new AgentError("refused", "The agent declined to answer", { partial });
    }
    if (reason === "cancelled") {
      const [failure, sentence] = this.declined
        ? ["tool_calls", "The agent wanted to use a tool that it was not allowed"] as const
        : ["interrupted", "The agent stopped before its answer was finished"] as const;
      throw new AgentError(failure, sentence, { partial });
    }
    if (text === "" && this.declined) {
      throw new AgentError("tool_calls", "The agent wanted to use a tool that it was not allowed");
    }
    if (text === "") throw new AgentError("empty", "The agent answered without any text");
    const truncated = reason === "max_tokens" || reason === "max_turn_requests";
    return truncated ? { text, truncated } : { text };
  }

  #add(piece: string): void {
    if (this.#full) return;
    const room = LONGEST_ANSWER - this.text.length;
    const fits = piece.slice(0, room);
    this.text += fits;
    if (fits !== "") this.#onText(fits);
    if (piece.length <= room) return;
    this.#full = true;
    this.text = this.text.toWellFormed();
    this.#onFull();
  }
}

function textIn(content: unknown): string {
  const { type, text } = (content ?? {}) as { type?: unknown; text?: unknown };
  return type === "text" && typeof text === "string" ? text : "";
}
