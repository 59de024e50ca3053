/**
 * A gateway that answers as OpenClaw 2026.9.6 was seen to: hooks, A2A channel and health, without an agent.
 *
 * @module
 */
import type { ServerResponse } from "node:http";
import { json, type Seen } from "../agent/fake_service.ts";

/** What the gateway is set to. */
export interface FakeOptions {
  /** `hooks.token`; hooks are off without it. */
  readonly hooksToken?: string;
  /** Whether only `/hooks/wake` is offered. */
  readonly wakeOnly?: boolean;
  /** The token of the A2A peer; the channel is off without it. */
  readonly a2aToken?: string;
  /** What a task comes to at which look; `undefined` goes on working. */
  readonly task?: (look: number, text: string) => Record<string, unknown> | undefined;
  /** A2A calls that are allowed before the peer is rate limited. */
  readonly a2aCalls?: number;
}

interface Task {
  readonly id: string;
  readonly contextId: string;
  readonly text: string;
  /** A message that was seen before: nobody works on it. */
  readonly stuck: boolean;
  looks: number;
}

/** One gateway's memory. */
export class FakeOpenClaw {
  /** Messages that started a run, in order. */
  readonly runs: Record<string, unknown>[] = [];
  /** Texts that woke the agent. */
  readonly wakes: Record<string, unknown>[] = [];
  /** Messages that became tasks. */
  readonly sent: Record<string, unknown>[] = [];
  readonly #options: FakeOptions;
  readonly #replays = new Map<string, string>();
  #tasks = new Map<string, Task>();
  readonly #messageIds = new Set<string>();
  #calls = 0;

  /** @param options What it is set to. */
  constructor(options: FakeOptions) {
    this.#options = options;
  }

  /** Forgets all tasks, as a restart does; but not the messages. */
  restart(): void {
    this.#tasks = new Map();
    this.#replays.clear();
  }

  /** Answers a request. */
  readonly handler = ({ method, path, headers, body }: Seen, answer: ServerResponse): void => {
    const { hooksToken, a2aToken } = this.#options;
    if (path === "/healthz") return json(answer, { ok: true, status: "live" });
    if (path === "/a2a/v1" && a2aToken !== undefined && method === "POST") {
      if (headers.authorization === `Bearer ${a2aToken}`) {
        return this.#rpc(JSON.parse(body), answer);
      }
      const error = "Unauthorized; configure channels.a2a.peers with a matching Bearer token";
      return json(answer, { error }, 401);
    }
    if (!path.startsWith("/hooks") || hooksToken === undefined) {
      return plain(answer, 404, "Not Found");
    }
    if (headers.authorization !== `Bearer ${hooksToken}`) return plain(answer, 401, "Unauthorized");
    if (body.length > 256 * 1024) {
      return json(answer, { ok: false, error: "payload too large" }, 413);
    }
    const fields = JSON.parse(body);
    if (path === "/hooks/wake") return this.#wake(fields, answer);
    if (path === "/hooks/agent" && !this.#options.wakeOnly) {
      return this.#agent(fields, String(headers["idempotency-key"] ?? ""), answer);
    }
    plain(answer, 404, "Not Found");
  };

  #wake(fields: Record<string, unknown>, answer: ServerResponse): void {
    if (!fields.text) return json(answer, { ok: false, error: "text required" }, 400);
    this.wakes.push(fields);
    json(answer, { ok: true, mode: fields.mode, eventOutcome: "queued" });
  }

  #agent(fields: Record<string, unknown>, key: string, answer: ServerResponse): void {
    const refuse = (error: string) => json(answer, { ok: false, error }, 400);
    if (!fields.message) return refuse("message required");
    if (fields.agentId === "nope") return refuse('unknown agentId "nope"');
    if (fields.sessionKey !== undefined && !String(fields.sessionKey).startsWith("hook:")) {
      return refuse("sessionKey must start with one of: hook:");
    }
    if (fields.channel === "odd") return refuse("channel must be last");
    if (fields.message === "unlucky") return refuse("something about this very message");
    // Longer keys are ignored, and all fields are part of what is remembered.
    const replay = key === "" || key.length > 256 ? "" : `${key} ${JSON.stringify(fields)}`;
    const known = replay === "" ? undefined : this.#replays.get(replay);
    const runId = known ?? crypto.randomUUID();
    if (known === undefined) this.runs.push(fields);
    this.#replays.set(replay, runId);
    json(answer, { ok: true, runId });
  }

  #rpc(
    { id, method, params }: {
      id: unknown;
      method: string;
      params: { id: string; message: Record<string, unknown> };
    },
    answer: ServerResponse,
  ): void {
    const error = (code: number, message: string) =>
      json(answer, { jsonrpc: "2.0", id, error: { code, message } });
    if (this.#calls++ >= (this.#options.a2aCalls ?? Infinity)) {
      return error(-32000, "Peer is rate limited");
    }
    if (method === "GetTask") {
      const task = this.#tasks.get(params.id);
      if (!task) return error(-32001, "Task not found");
      task.looks++;
      return json(answer, { jsonrpc: "2.0", id, result: this.#state(task) });
    }
    const { message } = params;
    const [part] = message.parts as { text: string }[];
    const contextId = String(message.contextId);
    if (!/^[A-Za-z0-9._:-]{1,128}$/.test(contextId) || message.role !== "ROLE_USER") {
      return error(-32602, "Invalid SendMessage params: message and parts required");
    }
    const messageId = String(message.messageId);
    const stuck = this.#messageIds.has(messageId);
    this.#messageIds.add(messageId);
    const task = { id: crypto.randomUUID(), contextId, text: part?.text ?? "", looks: 0, stuck };
    this.#tasks.set(task.id, task);
    this.sent.push(message);
    json(answer, { jsonrpc: "2.0", id, result: { task: this.#state(task) } });
  }

  #state({ id, contextId, looks, text, stuck }: Task): Record<string, unknown> {
    const working = { status: { state: "TASK_STATE_WORKING" }, artifacts: [] };
    const state = stuck ? undefined : this.#options.task?.(looks, text);
    return { id, contextId, history: [], ...(state ?? working) };
  }
}

/**
 * A task that ended well.
 *
 * @param text The agent's answer.
 * @returns Its state and artifacts.
 */
export function completed(text: string): Record<string, unknown> {
  const artifacts = [{ artifactId: "a", parts: [{ text }] }];
  return { status: { state: "TASK_STATE_COMPLETED" }, artifacts };
}

/**
 * A task that ended otherwise.
 *
 * @param state Its state.
 * @param text What its status says.
 * @returns Its state and status.
 */
export function ended(state: string, text: string): Record<string, unknown> {
  return { status: { state, message: { role: "ROLE_AGENT", parts: [{ text }] } }, artifacts: [] };
}

function plain(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  answer.end(text);
}
