/**
 * An agent's program that speaks the Agent Client Protocol: the handshake, a session for each conversation,
 * and the questions under way. The agent gets no files and no terminal of ours, and what it asks to be
 * allowed is declined: whoever writes in a chat is not the owner who could allow it.
 *
 * @module
 */
import type { ClientConnection, Stream } from "@agentclientprotocol/sdk";
import { AgentError } from "../../agent/agent_error.ts";
import type { JsonLines } from "./json_lines.ts";
import type { Turn } from "./turn.ts";
import { unless, within } from "./waiting.ts";

/** A piece of a question. */
export interface TextBlock {
  /** What kind of piece it is. */
  readonly type: "text";
  /** The text. */
  readonly text: string;
}

/** Most conversations that the program keeps at a time; the one that was silent longest goes first. */
const MOST_SESSIONS = 1000;

/** A program that has said that it is one. */
export class AcpConnection {
  readonly #lines: JsonLines;
  readonly #cwd: string;
  readonly #cancelMs: number;
  readonly #turns = new Map<string, Turn>();
  /** The program's ids of sessions, by conversation, the one used last at the end. */
  readonly #sessions = new Map<string, Promise<string>>();
  /** All ids of sessions that the program has given. */
  readonly #given = new Set<string>();
  /** Conversations with a question under way. */
  readonly #asking = new Set<string>();
  /** Questions that were given up, by conversation, and that the program has not ended yet. */
  readonly #ending = new Map<string, Promise<void>>();
  #connection!: ClientConnection;
  #canClose = false;

  private constructor(lines: JsonLines, cwd: string, cancelMs: number) {
    this.#lines = lines;
    this.#cwd = cwd;
    this.#cancelMs = cancelMs;
  }

  /**
   * Shakes hands.
   *
   * @param lines What the program says and is told.
   * @param cwd The absolute path of the folder that sessions work in.
   * @param cancelMs Milliseconds within which it ends what it is told to end.
   * @returns The connection.
   * @throws {AgentError} `nonsense` if the program speaks another version; whatever it answers as an error.
   */
  static async open(lines: JsonLines, cwd: string, cancelMs: number): Promise<AcpConnection> {
    const { client, PROTOCOL_VERSION } = await import("@agentclientprotocol/sdk");
    const opened = new AcpConnection(lines, cwd, cancelMs);
    lines.onNotification = ({ params }) => opened.#take(params);
    const connection = client({ name: "mesh" })
      .onRequest("session/request_permission", ({ params }) => opened.#decline(params))
      .connect({ readable: lines.readable, writable: lines.writable } as unknown as Stream);
    opened.#connection = connection;
    try {
      const { protocolVersion, agentCapabilities } = await connection.agent.request("initialize", {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: "mesh", version: "1" },
      });
      if (protocolVersion !== PROTOCOL_VERSION) {
        const sentence = `The agent's program speaks version ${protocolVersion} of ACP, ` +
          `and not ${PROTOCOL_VERSION}`;
        throw new AgentError("nonsense", sentence);
      }
      opened.#canClose = Boolean(agentCapabilities?.sessionCapabilities?.close);
      return opened;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Resolves when the program says no more. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** Whether it is. */
  get isClosed(): boolean {
    return this.#connection.signal.aborted;
  }

  /** Why it was closed, if not by its end. */
  get reason(): unknown {
    return this.#connection.signal.reason;
  }

  /** Ends it; all questions under way fail. */
  close(): void {
    this.#connection.close();
  }

  /**
   * Asks.
   *
   * @param key The conversation.
   * @param blocksOf Makes the question; told whether the program knows nothing of the conversation.
   * @param turn Takes the answer.
   * @param signal Gives up: the program is told, and has some seconds to end.
   * @returns Why the agent stopped.
   * @throws What the program answers as an error, and `signal.reason`.
   */
  async ask(
    key: string,
    blocksOf: (isNew: boolean) => TextBlock[],
    turn: Turn,
    signal: AbortSignal,
  ): Promise<string> {
    await unless(signal, this.#ending.get(key) ?? Promise.resolve());
    this.#asking.add(key);
    try {
      return await this.#ask(key, blocksOf, turn, signal);
    } finally {
      this.#asking.delete(key);
    }
  }

  async #ask(
    key: string,
    blocksOf: (isNew: boolean) => TextBlock[],
    turn: Turn,
    signal: AbortSignal,
  ): Promise<string> {
    const { agent } = this.#connection;
    const isNew = !this.#sessions.has(key);
    const began = performance.now();
    const sessionId = await unless(signal, this.#session(key)).catch((error) => {
      if (signal.aborted && performance.now() > began + this.#cancelMs) this.#endIfSilent(began);
      throw error;
    });
    this.#turns.set(sessionId, turn);
    const prompt = { sessionId, prompt: blocksOf(isNew) };
    const prompted = agent.request<{ stopReason: string }>("session/prompt", prompt);
    try {
      const { stopReason } = await unless(signal, prompted);
      return stopReason;
    } catch (error) {
      if (signal.aborted) this.#cancel(key, sessionId, prompted);
      throw error;
    } finally {
      if (this.#turns.get(sessionId) === turn) this.#turns.delete(sessionId);
    }
  }

  async #session(key: string): Promise<string> {
    const known = this.#sessions.get(key);
    this.#sessions.delete(key);
    const session = known ?? this.#newSession();
    this.#sessions.set(key, session);
    this.#forgetOldest();
    try {
      return await session;
    } catch (error) {
      if (this.#sessions.get(key) === session) this.#sessions.delete(key);
      throw error;
    }
  }

  async #newSession(): Promise<string> {
    const request = { cwd: this.#cwd, mcpServers: [] };
    const { agent } = this.#connection;
    const { sessionId } = await agent.request<{ sessionId: string }>("session/new", request);
    if (this.#given.has(sessionId)) {
      throw new AgentError("nonsense", "The agent's program gave two conversations one session");
    }
    this.#given.add(sessionId);
    return sessionId;
  }

  #forgetOldest(): void {
    if (this.#sessions.size <= MOST_SESSIONS) return;
    const oldest = this.#sessions.entries().find(([key]) => !this.#asking.has(key));
    if (oldest) this.#forget(...oldest);
  }

  #forget(key: string, session: Promise<string>): void {
    if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    if (!this.#canClose) return;
    session
      .then((sessionId) => this.#connection.agent.request("session/close", { sessionId }))
      .catch(() => {});
  }

  /** A session that does not end what it is told to is left; a program that is silent altogether, too. */
  #cancel(key: string, sessionId: string, prompted: Promise<unknown>): void {
    const told = performance.now();
    const session = this.#sessions.get(key);
    const end = async () => {
      await this.#connection.agent.notify("session/cancel", { sessionId }).catch(() => {});
      if (await within(this.#cancelMs, prompted.then(() => true, () => true))) return;
      if (session) this.#forget(key, session);
      this.#endIfSilent(told);
    };
    const ending: Promise<void> = end().finally(() => {
      if (this.#ending.get(key) === ending) this.#ending.delete(key);
    });
    this.#ending.set(key, ending);
  }

  #endIfSilent(since: number): void {
    if (this.#lines.lastHeard < since) this.close();
  }

  #take(params: unknown): void {
    const { sessionId, update } = (params ?? {}) as { sessionId?: unknown; update?: unknown };
    if (typeof sessionId === "string") this.#turns.get(sessionId)?.take(update);
  }

  /** No for this once, where the agent offers that; a no for ever would be the owner's to say. */
  #decline({ sessionId, options }: {
    readonly sessionId: string;
    readonly options: readonly { readonly kind: string; readonly optionId: string }[];
  }): { outcome: { outcome: "selected"; optionId: string } | { outcome: "cancelled" } } {
    const turn = this.#turns.get(sessionId);
    if (turn) turn.declined = true;
    const no = options.find(({ kind }) => kind === "reject_once");
    if (!no) return { outcome: { outcome: "cancelled" } };
    return { outcome: { outcome: "selected", optionId: no.optionId } };
  }
}
