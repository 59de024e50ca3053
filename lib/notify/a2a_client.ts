/**
 * The two calls of A2A 1.0 over JSON-RPC that handing a message on takes: `SendMessage` and `GetTask`.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { exchange } from "../agent/request.ts";
import { type Json, JsonObject } from "../signing/json.ts";
import { readJson } from "./read_json.ts";

/** A task, as far as it matters. */
export interface A2aTask {
  /** Its id. */
  readonly id: string;
  /** Its state, such as `TASK_STATE_COMPLETED`. */
  readonly state: string;
  /** Whether it goes on. */
  readonly open: boolean;
  /** The texts of its artifacts. */
  readonly text: string;
  /** What its status says. */
  readonly words: string;
}

/** A call that was answered, but not with a task. */
export class A2aError extends MeshError {
  /**
   * An error with what was said.
   *
   * @param status The HTTP status.
   * @param words What was said; not yet fit for a log.
   * @param rpcCode The code of JSON-RPC, if that is what was spoken.
   * @param seconds Seconds that were asked to wait.
   */
  constructor(
    readonly status: number,
    readonly words: string,
    readonly rpcCode?: number,
    seconds?: number,
  ) {
    super("unavailable", "The A2A service answered with an error", {
      ...(seconds === undefined ? {} : { retryAfter: seconds }),
    });
  }

  /** The task is not known (any more). */
  get taskGone(): boolean {
    return this.rpcCode === -32001;
  }

  /** The call itself is at fault: its form or its parameters. */
  get misspoken(): boolean {
    return this.rpcCode === -32600 || this.rpcCode === -32602 || this.rpcCode === -32700;
  }
}

const OPEN = new Set(["TASK_STATE_SUBMITTED", "TASK_STATE_WORKING"]);
const LIMITS = { timeoutMs: 15_000, maxBytes: 2 * 1024 * 1024 };

/** One service, as one of its peers. */
export class A2aClient {
  readonly #url: URL;
  readonly #token: string;

  /**
   * A client; nothing is sent yet.
   *
   * @param url Where it takes calls.
   * @param token The peer's token.
   */
  constructor(url: URL, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /**
   * Sends a message.
   *
   * @param message The message: its id, the conversation (128 characters of `A-Z a-z 0-9 . _ : -`), text.
   * @param signal Gives up early.
   * @returns The task that it has become.
   * @throws {A2aError} or a `RequestError`.
   */
  async send(
    { messageId, contextId, text }: { messageId: string; contextId: string; text: string },
    signal?: AbortSignal,
  ): Promise<A2aTask> {
    const message = { messageId, contextId, role: "ROLE_USER", parts: [{ text }] };
    const configuration = { returnImmediately: true };
    return await this.#call("SendMessage", { message, configuration }, signal);
  }

  /**
   * Looks at a task.
   *
   * @param id The task's id.
   * @param signal Gives up early.
   * @returns The task.
   * @throws {A2aError} or a `RequestError`.
   */
  async look(id: string, signal?: AbortSignal): Promise<A2aTask> {
    return await this.#call("GetTask", { id }, signal);
  }

  async #call(method: string, params: unknown, signal?: AbortSignal): Promise<A2aTask> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: "1", method, params });
    const headers = { authorization: `Bearer ${this.#token}` };
    const limits = { ...LIMITS, signal };
    return await exchange(this.#url, { headers, body }, limits, async (answer) => {
      const { status, retryAfter } = answer;
      const text = await answer.text();
      const document = readJson(text);
      const fields = document instanceof JsonObject ? document : new JsonObject();
      const error = fields.get("error");
      if (error instanceof JsonObject) {
        const code = Number(error.get("code"));
        throw new A2aError(status, stringOf(error.get("message")), code, retryAfter);
      }
      if (status !== 200) {
        throw new A2aError(status, typeof error === "string" ? error : text, undefined, retryAfter);
      }
      const result = fields.get("result");
      // Of the two calls, only the first wraps the task.
      const wrapped = result instanceof JsonObject ? result.get("task") ?? result : undefined;
      const task = taskOf(wrapped);
      if (!task) throw new A2aError(status, "the answer is no task");
      return task;
    });
  }
}

function taskOf(json: Json | undefined): A2aTask | undefined {
  if (!(json instanceof JsonObject)) return undefined;
  const id = json.get("id");
  const status = json.get("status");
  const state = status instanceof JsonObject ? status.get("state") : undefined;
  if (typeof id !== "string" || typeof state !== "string") return undefined;
  const message = status instanceof JsonObject ? status.get("message") : undefined;
  const artifacts = json.get("artifacts");
  const text = (Array.isArray(artifacts) ? artifacts : []).map(textOf).filter((text) =>
    text !== ""
  );
  return { id, state, open: OPEN.has(state), text: text.join("\n\n"), words: textOf(message) };
}

/** The texts in the `parts` of an artifact or a message. */
function textOf(json: Json | undefined): string {
  const parts = json instanceof JsonObject ? json.get("parts") : undefined;
  if (!Array.isArray(parts)) return "";
  return parts.map((part) => part instanceof JsonObject ? stringOf(part.get("text")) : "").join("");
}

function stringOf(json: Json | undefined): string {
  return typeof json === "string" ? json : "";
}
