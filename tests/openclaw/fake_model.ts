/**
 * The language model behind OpenClaw's agent: a service that speaks OpenAI's chat completions, streamed or
 * not, remembers what it was asked, and says what the test wants.
 *
 * @module
 */
import { createServer, type Server, type ServerResponse } from "node:http";
import { freePort } from "../e2e/ports.ts";

/** What the model was asked once. */
export interface Asked {
  /** All that it was shown of the conversation, the system's words included. */
  readonly all: string;
  /** What was said last. */
  readonly last: string;
  /** When it was asked, in milliseconds since 1970. */
  readonly at: number;
}

/** Decides what is answered; a rejection hangs up. */
export type Mind = (asked: Asked) => string | Promise<string>;

interface ChatRequest {
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

/** A model. Dispose of it: it stops. */
export class FakeModel implements AsyncDisposable {
  /** All that it was asked, in order. */
  readonly asked: Asked[] = [];
  /** What it says. */
  mind: Mind = () => "I have read it.";
  readonly #port: number;
  readonly #server: Server;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (piece: string) => body += piece);
      request.on("error", () => {});
      response.on("error", () => {});
      request.on("end", () => {
        // OpenClaw looks whether a model on this machine is there before a hook's run.
        if (request.method === "GET") return sendJson(response, { object: "list", data: [] });
        this.#answer(body, response).catch(() => response.destroy());
      });
    });
  }

  /** Starts one. */
  static async start(): Promise<FakeModel> {
    const port = freePort();
    const model = new FakeModel(port);
    await new Promise<void>((resolve) => model.#server.listen(port, "127.0.0.1", resolve));
    return model;
  }

  /** Its base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  /** When it was shown some words, in order. */
  shown(words: string): Asked[] {
    return this.asked.filter(({ all }) => all.includes(words));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(body: string, response: ServerResponse): Promise<void> {
    const { messages, stream } = JSON.parse(body) as ChatRequest;
    const texts = messages.map(({ content }) => textOf(content));
    const asked = { all: texts.join("\n"), last: texts.at(-1) ?? "", at: Date.now() };
    this.asked.push(asked);
    const text = await this.mind(asked);
    if (stream) sendStream(response, text);
    else sendWhole(response, text);
  }
}

/** The text of a message, whose content is a text or parts of which some are texts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => typeof part?.text === "string" ? part.text : "").join("");
}

const FACTS = { id: "chatcmpl-1", created: 1_700_000_000, model: "mock" };
const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function sendWhole(response: ServerResponse, content: string): void {
  const message = { role: "assistant", content };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  sendJson(response, { ...FACTS, object: "chat.completion", choices, usage: USAGE });
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function sendStream(response: ServerResponse, content: string): void {
  const chunk = (fields: unknown) => {
    const data = { ...FACTS, object: "chat.completion.chunk", ...fields as object };
    response.write(`data: ${JSON.stringify(data)}\n\n`);
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  chunk({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] });
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  chunk({ choices: [], usage: USAGE });
  response.end("data: [DONE]\n\n");
}
