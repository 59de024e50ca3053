/**
 * The Bot API server as a process of Node, and its people, who write to bots by its own HTTP calls.
 *
 * @module
 */
import { linesOf } from "../../scripts/bench/processes.ts";
import { freePort } from "../e2e/ports.ts";

/** Ends with its standard input, whatever becomes of the test. */
const PROGRAM = `
  const TelegramServer = require("telegram-test-api");
  const server = new TelegramServer({ host: "127.0.0.1", port: Number(process.argv[1]) });
  server.start().then(() => console.log("listening"));
  process.stdin.on("end", () => process.exit()).resume();
`;

/** The bot that the server knows. */
export const BOT = { token: "666:AAbot_api-Token", username: "TestNameBot" };

/** What a bot has written, as the server remembers it. */
export interface BotMessage {
  readonly messageId: number;
  readonly message: {
    readonly chat_id: string | number;
    readonly text: string;
    readonly reply_parameters?: unknown;
  };
}

/** A server that runs. */
export class BotApi implements AsyncDisposable {
  /** Where bots call it. */
  readonly apiRoot: string;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, apiRoot: string) {
    this.#child = child;
    this.apiRoot = apiRoot;
  }

  /**
   * Starts it.
   *
   * @param folder Where it is installed.
   */
  static async start(folder: string): Promise<BotApi> {
    const port = freePort();
    const child = new Deno.Command("node", {
      args: ["-e", PROGRAM, String(port)],
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const api = new BotApi(child, `http://127.0.0.1:${port}`);
    for await (const line of linesOf(child.stdout)) if (line === "listening") return api;
    await child.stdin.close();
    throw new Error("The Bot API server did not start");
  }

  /**
   * Somebody writes.
   *
   * @param text What.
   * @param chat Where; a person's own chat by default.
   * @param more Further fields of the message.
   */
  async say(text: string, chat: object = PERSON, more: object = {}): Promise<void> {
    const date = Math.floor(Date.now() / 1000);
    await this.#post("/sendMessage", {
      ...{ botToken: BOT.token, from: ADA, chat, date, text },
      ...more,
    });
  }

  /** What the bot has written and its chats show, oldest first. */
  async written(): Promise<BotMessage[]> {
    const { result } = await this.#post("/getUpdatesHistory", { token: BOT.token });
    return (result as BotMessage[]).filter(({ message }) => "chat_id" in message);
  }

  async #post(path: string, fields: object): Promise<{ result: unknown }> {
    const response = await fetch(`${this.apiRoot}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fields),
    });
    return await response.json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stdin.close();
    await this.#child.status;
  }
}

const ADA = { id: 42, is_bot: false, first_name: "Ada" };
const PERSON = { id: 42, type: "private", first_name: "Ada" };
