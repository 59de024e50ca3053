/**
 * The platform behind the plugin for QQ, as far as that plugin is content with: tokens and messages by REST,
 * and events by a socket.
 *
 * @module
 */

/** What was sent to somebody. */
export interface QqSent {
  /** The path that it was posted to, such as `/v2/users/ANNA/messages`. */
  readonly path: string;
  /** The text. */
  readonly text: string;
  /** The message that it answers. */
  readonly msgId: string | undefined;
}

/** The platform. Dispose of it: it ends. */
export class QqServer implements AsyncDisposable {
  /** All that was sent. */
  readonly sent: QqSent[] = [];
  /** Answers messages with this failure while it is set. */
  failing: { status: number; message: string } | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #socket: WebSocket | undefined;
  #count = 1;

  constructor() {
    const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Its base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Whether the bot listens. */
  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Somebody writes to the bot; returns the message's id. */
  write(from: string, content: string): string {
    const id = `qq-${++this.#count}`;
    this.#event("C2C_MESSAGE_CREATE", {
      id,
      author: { id: from, union_openid: from, user_openid: from },
      content,
      timestamp: new Date().toISOString(),
      message_scene: { source: "default" },
    });
    return id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const socket = this.#socket;
    if (socket && socket.readyState !== WebSocket.CLOSED) {
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
      socket.close();
      await closed;
    }
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname: path } = new URL(request.url);
    if (path === "/socket") return this.#listen(request);
    const body = await request.json().catch(() => ({}));
    if (path.endsWith("/getAppAccessToken")) {
      return Response.json({ access_token: "access", expires_in: "7200" });
    }
    if (path.startsWith("/gateway")) {
      const limit = { total: 1000, remaining: 999, reset_after: 1, max_concurrency: 1 };
      const url = `${this.url.replace("http", "ws")}/socket`;
      return Response.json({ url, shards: 1, session_start_limit: limit });
    }
    if (path.endsWith("/messages") && request.method === "POST") {
      if (this.failing) {
        const { status, message } = this.failing;
        return Response.json({ code: 11_255, message }, { status });
      }
      // What only says that somebody types has no text.
      const text = body.markdown?.content ?? body.content;
      if (text) this.sent.push({ path, text, msgId: body.msg_id });
      return Response.json({ id: `sent-${this.sent.length}`, timestamp: new Date().toISOString() });
    }
    return Response.json({});
  }

  #listen(request: Request): Response {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () =>
      socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 30_000 } }));
    socket.onmessage = ({ data }) => {
      const { op } = JSON.parse(data);
      if (op === 1) socket.send(JSON.stringify({ op: 11 }));
      if (op !== 2 && op !== 6) return;
      this.#socket = socket;
      const user = { id: "bot", username: "QQ bot", bot: true };
      this.#event(op === 2 ? "READY" : "RESUMED", {
        ...{ version: 1, session_id: "session", shard: [0, 1] },
        user,
      });
    };
    return response;
  }

  #event(t: string, d: unknown): void {
    this.#socket?.send(JSON.stringify({ op: 0, s: this.#count++, t, d }));
  }
}
