/**
 * What OpenClaw's plugin for Discord asks of the platform beside what our own channel does: who the bot is,
 * and what chats are. Everything else is passed on.
 *
 * @module
 */
import { FakeDiscord } from "../fakes/discord.ts";

/** Who writes to the bot. */
const PERSON = { id: "42", username: "ada", global_name: "Ada", discriminator: "0" };

/** The chat of the two. */
const CHAT = { id: "500", type: 1, recipients: [PERSON] };

/** Where the bot asks who it is. */
const SELF = ["/users/@me", "/applications/@me", "/oauth2/applications/@me"];

/** The platform. Dispose of it: it ends. */
export class DiscordServer implements AsyncDisposable {
  /** What it passes on to. */
  readonly discord: FakeDiscord = FakeDiscord.start();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Its base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await this.discord.close();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const path = decodeURIComponent(pathname).replace(/^\/api(?:\/v10)?/, "");
    const { method, headers } = request;
    const body = method === "GET" ? undefined : await request.text();
    if (SELF.includes(path)) return Response.json(this.discord.user);
    if (path === "/users/@me/channels" || path === `/channels/${CHAT.id}`) {
      return Response.json(CHAT);
    }
    if (path.endsWith("/commands")) return Response.json([]);
    const url = `${this.discord.apiRoot}/v10${path}${search}`;
    return await fetch(url, { method, headers, ...body === undefined ? {} : { body } });
  }
}
