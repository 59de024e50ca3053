/**
 * A machine with chats whose answers come later, by callback.
 *
 * @module
 */
import { signatureOf } from "./signature.ts";
import { eventually } from "../eventually.ts";
import { TestNode } from "../node.ts";
import { freePort } from "../ports.ts";
import type { Run } from "../program.ts";
import type { Chat } from "./chats.ts";

/** What callbacks are signed with. */
export const SECRET = "a secret of the tests";

/** Milliseconds that anything may take on a busy machine. */
export const PATIENCE = 30_000;

/** A daemon, and where it listens. */
export interface Channels {
  readonly run: Run;
  readonly port: number;
}

/** A machine, its chat, and its agent, which takes questions and says nothing. */
export class AsyncMachine implements AsyncDisposable {
  /** The callbacks that the agent was given, by question, in order. */
  readonly callbacks: { readonly question: string; readonly url: string }[] = [];
  /** Called when the agent has a question, before it says so. */
  onQuestion: (question: string) => void = () => {};
  readonly #agent: Deno.HttpServer<Deno.NetAddr>;
  /** All daemons, also those that have ended. */
  readonly runs: Run[] = [];

  private constructor(readonly node: TestNode, readonly chat: Chat) {
    this.#agent = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      const { messages } = await request.json();
      const question: string = messages.at(-1).content;
      this.callbacks.push({ question, url: request.headers.get("x-ocg-callback") ?? "" });
      this.onQuestion(question);
      return new Response(null, { status: 202 });
    });
  }

  /**
   * Sets it up; no daemon runs yet.
   *
   * @param chat Where somebody writes.
   * @param config What `ocg.json` says beside the usual.
   */
  static async with(chat: Chat, config: Record<string, unknown> = {}): Promise<AsyncMachine> {
    const node = await TestNode.empty("ann");
    const machine = new AsyncMachine(node, chat);
    await configure(node, {
      agentUrl: `http://127.0.0.1:${machine.#agent.addr.port}/v1/chat/completions`,
      async: true,
      allowFrom: ["*"],
      callbackSecret: SECRET,
      callbackHost: "127.0.0.1",
      channels: { [chat.channel]: chat.settings },
      ...config,
    });
    await chat.prepare?.(node.state);
    return machine;
  }

  /**
   * Starts a daemon.
   *
   * @param port Where it is to listen.
   * @returns The daemon, listening, its channel running.
   */
  async start(port = freePort()): Promise<Channels> {
    const run = this.node.start(["ocg", "start", "--json", "--port", String(port)]);
    this.runs.push(run);
    await run.until("its channel", () => /"state": ?"running"/.test(run.stdout) || undefined);
    return { run, port };
  }

  /**
   * Waits until the agent was given a callback for a question.
   *
   * @param question The question.
   * @returns The first such callback.
   */
  async callbackFor(question: string): Promise<string> {
    const find = () => this.callbacks.find((one) => one.question === question)?.url;
    return await eventually(`the question "${question}"`, find, PATIENCE);
  }

  /**
   * Waits until the chat shows what is said to it, and nothing else.
   *
   * @param port Where the daemon listens.
   * @param texts What it is to show.
   */
  async shows(port: number, texts: readonly string[]): Promise<void> {
    let seen: string[] = [];
    await eventually("what the chat shows", async () => {
      seen = await this.chat.seen(port);
      return JSON.stringify(seen) === JSON.stringify(texts);
    }, PATIENCE).catch((error) => {
      throw new Error(`${error.message}: ${JSON.stringify(seen)}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of this.runs) await run[Symbol.asyncDispose]();
    await this.#agent.shutdown();
    await this.chat[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
  }
}

/**
 * Writes the configuration of a node's chats.
 *
 * @param node The node.
 * @param config What `ocg.json` is to say.
 */
export async function configure(node: TestNode, config: Record<string, unknown>): Promise<void> {
  await Deno.mkdir(node.state, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(`${node.state}/ocg.json`, JSON.stringify(config), { mode: 0o600 });
}

/**
 * Calls back.
 *
 * @param url Where to.
 * @param reply The answer.
 * @param secret What it is signed with.
 * @returns The status; the body is let go.
 */
export async function callBack(url: string, reply: string, secret = SECRET): Promise<number> {
  const body = JSON.stringify({ reply });
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-ocg-signature": await signatureOf(body, secret),
    },
  });
  await response.body?.cancel();
  return response.status;
}
