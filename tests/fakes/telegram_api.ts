/**
 * A Bot API server of our own, written from the Bot API's documentation: updates that stay until a later
 * offset confirms them, one poller at a time, and the answers of a server in trouble.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A call that came in. */
export interface TelegramCall {
  readonly method: string;
  // deno-lint-ignore no-explicit-any -- the fields of any method
  readonly fields: any;
  readonly at: number;
}

/** How a call is answered instead of well. */
export type Trouble =
  | { readonly status: number; readonly description: string; readonly parameters?: object }
  | { readonly html: number }
  | "cut"
  | "hang";

type Fields = Record<string, unknown>;

const OK_METHODS = ["sendPhoto", "sendDocument", "sendAnimation", "sendVideo", "sendAudio"];

/** One bot's server. */
export class FakeTelegram {
  readonly token = "123456:TEST-token_of-a-bot";
  readonly me = { id: 123456, is_bot: true, first_name: "Helper", username: "HelperBot" };
  readonly calls: TelegramCall[] = [];
  /** What a chat shows: message id to text. */
  readonly texts = new Map<string, string>();
  webhook: Fields | undefined;
  #pending: { update_id: number }[] = [];
  #troubles = new Map<string, Trouble[]>();
  #poller: { news(): void; cut(): void } | undefined;
  #server!: Server;
  #updateId = 900_000_000;
  #messageId = 100;
  #port = 0;

  static async start(port = 0): Promise<FakeTelegram> {
    const fake = new FakeTelegram();
    await fake.listen(port);
    return fake;
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Updates that no offset has confirmed. */
  get pending(): number {
    return this.#pending.length;
  }

  async listen(port = this.#port): Promise<void> {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    this.#poller?.cut();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Answers the next calls of a method with trouble, in order. */
  trouble(method: string, ...troubles: Trouble[]): void {
    this.#troubles.set(method, [...this.#troubles.get(method) ?? [], ...troubles]);
  }

  /** Ends the trouble that is still to come. */
  calm(): void {
    this.#troubles.clear();
  }

  /** Brings an update with a message of a person. */
  say(text: string, more: Fields = {}): number {
    const from = { id: 42, is_bot: false, first_name: "Ada", last_name: "L" };
    const chat = { id: 42, type: "private", first_name: "Ada" };
    const message_id = ++this.#messageId;
    const date = Math.floor(Date.now() / 1000);
    this.update({ message: { message_id, date, from, chat, ...(text ? { text } : {}), ...more } });
    return message_id;
  }

  /** Brings any update. */
  update(fields: Fields): void {
    this.#pending.push({ update_id: ++this.#updateId, ...fields });
    this.#poller?.news();
  }

  /** The calls of a method. */
  of(method: string): TelegramCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece);
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    if (token !== this.token) return refuse(response, 401, "Unauthorized");
    const body = pieces.map((piece) => new TextDecoder().decode(piece)).join("");
    const fields = body === "" ? {} : JSON.parse(body);
    this.calls.push({ method, fields, at: performance.now() });
    const trouble = this.#troubles.get(method)?.shift();
    if (trouble === "cut") return void response.socket?.destroy();
    if (trouble === "hang") return;
    if (trouble && "html" in trouble) {
      response.writeHead(trouble.html, { "content-type": "text/html" });
      return void response.end("<html><body>Bad Gateway</body></html>");
    }
    if (trouble) return refuse(response, trouble.status, trouble.description, trouble.parameters);
    if (method === "getUpdates") return await this.#getUpdates(fields, response);
    this.#call(method, fields, response);
  }

  async #getUpdates(fields: Fields, response: ServerResponse): Promise<void> {
    if (this.webhook) {
      return refuse(
        response,
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.#poller?.cut();
    const { offset = 0, timeout = 0, limit = 100 } = fields as Record<string, number>;
    if (offset > 0) this.#pending = this.#pending.filter(({ update_id }) => update_id >= offset);
    if (this.#pending.length === 0 && timeout > 0) {
      const cut = await this.#news(timeout, response);
      if (cut) {
        return refuse(
          response,
          409,
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        );
      }
    }
    succeed(response, this.#pending.slice(0, limit));
  }

  /** Waits for an update; says whether another poller came. */
  #news(seconds: number, response: ServerResponse): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (cut: boolean) => {
        clearTimeout(timer);
        if (this.#poller === poller) this.#poller = undefined;
        resolve(cut);
      };
      const timer = setTimeout(() => end(false), seconds * 1000);
      const poller = { news: () => end(false), cut: () => end(true) };
      this.#poller = poller;
      response.on("close", () => end(false));
    });
  }

  #call(method: string, fields: Fields, response: ServerResponse): void {
    const text = String(fields.text ?? "");
    const key = `${fields.chat_id}/${fields.message_id}`;
    if (method === "getMe") return succeed(response, this.me);
    if (method === "sendChatAction") return succeed(response, true);
    if (method === "setWebhook") {
      this.webhook = fields;
      return succeed(response, true);
    }
    if (method === "deleteWebhook") {
      this.webhook = undefined;
      return succeed(response, true);
    }
    if (method === "sendMessage" || method === "editMessageText") {
      if (text.trim() === "") return refuse(response, 400, "Bad Request: message text is empty");
      if (text.length > 4096) return refuse(response, 400, "Bad Request: message is too long");
      if (!soundEntities(fields, text)) return refuse(response, 400, "Bad Request: bad entities");
    }
    if (method === "editMessageText") {
      const shown = this.texts.get(key);
      if (shown === undefined) {
        return refuse(response, 400, "Bad Request: message to edit not found");
      }
      if (shown === text) {
        return refuse(
          response,
          400,
          "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
        );
      }
      this.texts.set(key, text);
      return succeed(response, { message_id: fields.message_id, text });
    }
    if (method !== "sendMessage" && !OK_METHODS.includes(method)) {
      return refuse(response, 404, "Not Found: method not found");
    }
    const message_id = ++this.#messageId;
    this.texts.set(`${fields.chat_id}/${message_id}`, text);
    succeed(response, { message_id, date: 1, chat: { id: fields.chat_id, type: "private" }, text });
  }
}

function soundEntities({ entities }: Fields, text: string): boolean {
  if (entities === undefined) return true;
  return (entities as { offset: number; length: number }[]).every(({ offset, length }) =>
    offset >= 0 && length > 0 && offset + length <= text.length
  );
}

function succeed(response: ServerResponse, result: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ ok: true, result }));
}

function refuse(response: ServerResponse, code: number, description: string, parameters?: object) {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify({ ok: false, error_code: code, description, parameters }));
}
