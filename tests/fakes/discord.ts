/**
 * Discord's REST API and gateway of our own, as far as a bot that chats needs them.
 *
 * @module
 */

/** A call of the REST API. */
export interface DiscordCall {
  readonly method: string;
  /** Below `/v10`. */
  readonly path: string;
  // deno-lint-ignore no-explicit-any -- the fields of any call
  readonly body: any;
  readonly at: number;
}

/** How a call is answered instead of well. */
export interface DiscordTrouble {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

// deno-lint-ignore no-explicit-any -- the gateway's payloads
type Payload = any;

const EPOCH = 1420070400000n;

/** One bot's Discord. */
export class FakeDiscord {
  readonly token = "fake.discord.token";
  readonly user = { id: "1000", username: "helper", discriminator: "0", bot: true, flags: 0 };
  readonly calls: DiscordCall[] = [];
  /** Everything that clients said to the gateway. */
  readonly said: Payload[] = [];
  /** Events told since the session began, for one that resumes. */
  readonly events: Payload[] = [];
  /** Ends the next identifications with these codes. */
  readonly closeCodes: number[] = [];
  /** Whether a session may be resumed. */
  resumable = true;
  #troubles: DiscordTrouble[] = [];
  #sockets = new Set<WebSocket>();
  #server!: Deno.HttpServer<Deno.NetAddr>;
  #sequence = 0;
  #snowflake = 0n;
  #port = 0;

  static start(): FakeDiscord {
    const fake = new FakeDiscord();
    fake.listen();
    return fake;
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${this.#port}/api`;
  }

  /** Clients that have identified or resumed. */
  get connected(): number {
    return this.#sockets.size;
  }

  listen(): void {
    const options = { hostname: "127.0.0.1", port: this.#port, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
    this.#port = this.#server.addr.port;
  }

  async close(): Promise<void> {
    this.drop(4000);
    await this.#server.shutdown();
  }

  /** Ends all connections with a code. */
  drop(code: number): void {
    for (const socket of this.#sockets) socket.close(code);
    this.#sockets.clear();
  }

  /** Answers the next calls for messages with trouble. */
  trouble(...troubles: DiscordTrouble[]): void {
    this.#troubles.push(...troubles);
  }

  /** A person writes. */
  say(content: string, more: object = {}): string {
    const id = this.#nextId();
    this.event("MESSAGE_CREATE", {
      id,
      channel_id: "500",
      author: { id: "42", username: "ada", global_name: "Ada", discriminator: "0" },
      content,
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      pinned: false,
      type: 0,
      flags: 0,
      components: [],
      ...more,
    });
    return id;
  }

  /** Tells all clients an event, and keeps it for those that come back. */
  event(t: string, d: object): void {
    const payload = { op: 0, s: ++this.#sequence, t, d };
    this.events.push(payload);
    for (const socket of this.#sockets) socket.send(JSON.stringify(payload));
  }

  /** The calls of a kind. */
  of(method: string, path: RegExp): DiscordCall[] {
    return this.calls.filter((call) => call.method === method && path.test(call.path));
  }

  async #answer(request: Request): Promise<Response> {
    if (request.headers.get("upgrade") === "websocket") return this.#connect(request);
    const path = new URL(request.url).pathname.replace("/api/v10", "");
    const text = await request.text();
    const body = text === "" ? undefined : JSON.parse(text);
    this.calls.push({ method: request.method, path, body, at: performance.now() });
    if (request.headers.get("authorization") !== `Bot ${this.token}`) {
      return Response.json({ message: "401: Unauthorized", code: 0 }, { status: 401 });
    }
    if (path === "/gateway/bot") {
      const session_start_limit = {
        total: 1000,
        remaining: 999,
        reset_after: 1,
        max_concurrency: 1,
      };
      const url = `ws://127.0.0.1:${this.#port}/gateway`;
      return Response.json({ url, shards: 1, session_start_limit });
    }
    if (path.endsWith("/typing")) return new Response(null, { status: 204 });
    const trouble = this.#troubles.shift();
    if (trouble) {
      return Response.json(trouble.body, {
        status: trouble.status,
        headers: trouble.headers ?? {},
      });
    }
    const [, channel_id, id] = /^\/channels\/(\d+)\/messages(?:\/(\d+))?$/.exec(path) ?? [];
    if (!channel_id) return Response.json({ message: "404: Not Found", code: 0 }, { status: 404 });
    if (String(body?.content ?? "").length > 2000) {
      return Response.json({ message: "Invalid Form Body", code: 50035 }, { status: 400 });
    }
    const message = { id: id ?? this.#nextId(), channel_id, author: this.user, type: 0 };
    return Response.json({ ...message, content: body?.content, attachments: [], embeds: [] });
  }

  #connect(request: Request): Response {
    const { socket, response } = Deno.upgradeWebSocket(request);
    const send = (payload: Payload) => socket.send(JSON.stringify(payload));
    socket.onopen = () => send({ op: 10, d: { heartbeat_interval: 41_250 } });
    socket.onclose = () => void this.#sockets.delete(socket);
    socket.onmessage = ({ data }) => {
      const payload = JSON.parse(data);
      this.said.push(payload);
      if (payload.op === 1) send({ op: 11 });
      if (payload.op === 2) this.#identify(socket, payload, send);
      if (payload.op === 6) this.#resume(socket, payload, send);
    };
    return response;
  }

  #identify(socket: WebSocket, { d }: Payload, send: (payload: Payload) => void): void {
    const code = d.token === this.token ? this.closeCodes.shift() : 4004;
    if (code !== undefined) return socket.close(code);
    this.events.length = 0;
    this.#sequence = 1;
    this.#sockets.add(socket);
    send({
      op: 0,
      s: 1,
      t: "READY",
      d: {
        v: 10,
        session_id: "session",
        resume_gateway_url: `ws://127.0.0.1:${this.#port}/gateway`,
        user: this.user,
        application: { id: this.user.id, flags: 0 },
        guilds: [],
        shard: [0, 1],
      },
    });
  }

  #resume(socket: WebSocket, { d }: Payload, send: (payload: Payload) => void): void {
    if (!this.resumable) return send({ op: 9, d: false });
    this.#sockets.add(socket);
    for (const payload of this.events) if (payload.s > d.seq) send(payload);
    send({ op: 0, s: this.#sequence, t: "RESUMED", d: {} });
  }

  #nextId(): string {
    return String(((BigInt(Date.now()) - EPOCH) << 22n) + this.#snowflake++);
  }
}
