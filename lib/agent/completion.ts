/**
 * Reads chat completions as OpenAI's API and the many services that follow it send them: whole, or in
 * pieces whose texts are put together.
 *
 * @module
 */
import { type Json, JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { AgentError } from "./agent_error.ts";
import { saidBy } from "./redact.ts";

/** What an agent answered. */
export interface AgentAnswer {
  /** The text, never blank. */
  readonly text: string;
  /** The agent stopped because it had reached its limit of length. */
  readonly truncated: boolean;
  /** The model that answered, if it says so. */
  readonly model?: string;
}

/** Types and codes of errors that come with a status of their own when they come alone. */
const BUSY = /rate.?limit|overload|capacity|unavailable|timeout|busy/i;
const MISCONFIGURED = /auth|api.?key|permission|billing|quota|model.?not.?found/i;
const REJECTED = /invalid.?request|context.?length|bad.?request|too.?large/i;

/** An answer under way. */
export class Completion {
  readonly #secrets: readonly (string | undefined)[];
  #text = "";
  #refusal = "";
  #model: string | undefined;
  #finish: string | undefined;
  #toolCalls = false;
  #seen = false;

  /**
   * An answer of which nothing has come yet.
   *
   * @param secrets What errors must not repeat.
   */
  constructor(secrets: readonly (string | undefined)[] = []) {
    this.#secrets = secrets;
  }

  /** The text so far. */
  get text(): string {
    return this.#text;
  }

  /** Whether the agent has said why it ended. */
  get ended(): boolean {
    return this.#finish !== undefined;
  }

  /**
   * Takes a completion, or one piece of it.
   *
   * @param json The document.
   * @returns The text that it adds.
   * @throws {AgentError} `nonsense` if it is no JSON object, or what the agent reports as its error.
   */
  take(json: string): string {
    const document = this.#parse(json);
    const error = document.get("error");
    if (error !== undefined && error !== null && error !== false) throw this.#reported(error);
    const model = document.get("model");
    if (typeof model === "string") this.#model = model.slice(0, 200);
    const choice = firstChoice(document.get("choices"));
    if (!choice) return "";
    const finish = choice.get("finish_reason");
    if (typeof finish === "string" && finish !== "") this.#finish = finish;
    const message = choice.get("delta") ?? choice.get("message");
    const part = message instanceof JsonObject ? message : choice;
    this.#seen = true;
    const calls = part.get("tool_calls");
    this.#toolCalls ||= Array.isArray(calls) ? calls.length > 0 : part.has("function_call");
    const refusal = part.get("refusal");
    if (typeof refusal === "string") this.#refusal += refusal;
    const text = textOf(part.get("content") ?? choice.get("text"));
    this.#text += text;
    return text;
  }

  /**
   * The answer, when all of it has been taken.
   *
   * @returns The answer.
   * @throws {AgentError} `nonsense`, `refused`, `tool_calls` or `empty`.
   */
  answer(): AgentAnswer {
    if (!this.#seen) throw new AgentError("nonsense", "The agent sent JSON that is no completion");
    const text = this.#text.trim().toWellFormed();
    if (this.#finish === "content_filter" || (text === "" && this.#refusal.trim() !== "")) {
      throw new AgentError("refused", `The agent declined to answer${this.#reason()}`, {
        partial: text,
      });
    }
    if (text !== "") {
      const model = this.#model === undefined ? {} : { model: this.#model };
      return { text, truncated: this.#finish === "length", ...model };
    }
    throw this.#toolCalls
      ? new AgentError("tool_calls", "The agent asked for a tool instead of answering")
      : new AgentError("empty", "The agent answered without any text");
  }

  #reason(): string {
    const words = saidBy(this.#refusal, this.#secrets);
    return words === "" ? "" : `: ${words}`;
  }

  #parse(json: string): JsonObject {
    try {
      const document = parseJson(json);
      if (document instanceof JsonObject) return document;
    } catch {
      // What is wrong with it helps nobody; how it begins does.
    }
    const start = saidBy(json.slice(0, 80), this.#secrets);
    throw new AgentError(
      "nonsense",
      `The agent answered something that is no completion: ${start}`,
      {
        partial: this.#text,
      },
    );
  }

  #reported(error: Json): AgentError {
    const field = (name: string) => error instanceof JsonObject ? error.get(name) : undefined;
    const message = typeof error === "string" ? error : field("message");
    const words = saidBy(typeof message === "string" ? message : "no reason given", this.#secrets);
    const kind = ["type", "code"].map(field).filter((word) => typeof word === "string").join(" ");
    const failure = BUSY.test(kind)
      ? "busy"
      : MISCONFIGURED.test(kind)
      ? "misconfigured"
      : REJECTED.test(kind)
      ? "rejected"
      : "failed";
    return new AgentError(failure, `The agent reports an error: ${words}`, { partial: this.#text });
  }
}

/** Services that were asked for one answer send one; the others are not what was asked for. */
function firstChoice(choices: Json | undefined): JsonObject | undefined {
  const first = Array.isArray(choices) ? choices[0] : undefined;
  return first instanceof JsonObject ? first : undefined;
}

/** Content is a text, or a list of parts some of which are texts. */
function textOf(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => {
    const text = part instanceof JsonObject ? part.get("text") : part;
    return typeof text === "string" ? text : "";
  }).join("");
}
