/**
 * A webchat with its gateway and an agent whose words the test chooses, behind a real server that can be
 * taken away and brought back on the same port.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { WEBCHAT_PATH } from "../../../lib/ocg/channels/webchat/page.ts";
import { WebchatChannel } from "../../../lib/ocg/channels/webchat/webchat.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { listen, type Listening } from "../../../server/listen.ts";
import { ocgSurface } from "../../../server/ocg.ts";
import { type Asked, EDITING, fakeAgent, runGateway, type Running } from "../../unit/ocg/fakes.ts";
import { type TemporaryRoot, temporaryRoot } from "../../unit/store/temporary_root.ts";

const TOKEN = "w".repeat(43);

/** How the agent answers. */
export type Answering = (asked: Asked, request: Request) => Response | Promise<Response>;

/** Everything but the browser. */
export class Scene implements AsyncDisposable {
  /** What the agent was asked. */
  readonly asked: Asked[];
  /** Where the page is, without the token. */
  readonly page: string;
  /** The link that lets in. */
  readonly link: string;
  readonly #root: TemporaryRoot;
  readonly #agent: ReturnType<typeof fakeAgent>;
  readonly #settings: Record<string, unknown>;
  readonly #port: number;
  #server: Listening | undefined;
  #running: Running | undefined;

  private constructor(parts: Pick<Parts, "root" | "agent" | "settings">, server: Listening) {
    this.#root = parts.root;
    this.#agent = parts.agent;
    this.#settings = parts.settings;
    this.#server = server;
    this.#port = server.port;
    this.asked = parts.agent.asked;
    this.page = `http://127.0.0.1:${server.port}${WEBCHAT_PATH}`;
    this.link = `${this.page}#${TOKEN}`;
  }

  /**
   * Sets it up.
   *
   * @param answer How the agent answers.
   * @param settings What `ocg.json` says beside the agent's address.
   */
  static async open(answer: Answering, settings: Record<string, unknown> = {}): Promise<Scene> {
    const root = await temporaryRoot();
    const agent = fakeAgent(answer);
    const parts = { root, agent, settings };
    let port = 0;
    const { running, app } = await gatewayOf(parts, () => port);
    const server = await listen(app, { host: "127.0.0.1", port: 0 });
    port = server.port;
    const scene = new Scene(parts, server);
    scene.#running = running;
    return scene;
  }

  /** Takes the server and the gateway away. */
  async stop(): Promise<void> {
    const [running, server] = [this.#running, this.#server];
    this.#running = this.#server = undefined;
    // The streams end with the gateway, or the server would wait for them.
    await running?.[Symbol.asyncDispose]();
    await server?.close(500);
  }

  /** Brings them back. */
  async start(): Promise<void> {
    const parts = { root: this.#root, agent: this.#agent, settings: this.#settings };
    const { running, app } = await gatewayOf(parts, () => this.#port);
    this.#running = running;
    this.#server = await listen(app, { host: "127.0.0.1", port: this.#port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#agent[Symbol.asyncDispose]();
    await this.#root[Symbol.asyncDispose]();
  }
}

interface Parts {
  readonly root: TemporaryRoot;
  readonly agent: ReturnType<typeof fakeAgent>;
  readonly settings: Record<string, unknown>;
}

async function gatewayOf({ root, agent, settings }: Parts, port: () => number) {
  const store = openFileStore(root.path);
  const channels: WebchatChannel[] = [];
  const config = { agentUrl: agent.url, channels: { webchat: {} }, ...settings };
  const running = await runGateway(root.path, config, EDITING, {
    callbackPort: port,
    factories: {
      webchat: ({ account }) => {
        const channel = new WebchatChannel({ account, token: TOKEN, store });
        channels.push(channel);
        return channel;
      },
    },
  });
  const app = new Hono<{ Bindings: HttpBindings }>();
  const webchat = (request: Request) => channels[0]!.fetch(request);
  app.all(WEBCHAT_PATH, (c) => webchat(c.req.raw));
  app.all(`${WEBCHAT_PATH}/*`, (c) => webchat(c.req.raw));
  app.route("/", ocgSurface(running.gateway));
  return { running, app };
}

/** An answer that the test speaks piece by piece. */
export interface Spoken {
  /** What the agent answers with. */
  readonly response: Response;
  /** Says a further piece. */
  say(piece: string): void;
  /** Ends the answer. */
  end(): void;
}

/** Begins an answer. */
export function speak(): Spoken {
  const encoder = new TextEncoder();
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
  const send = (data: string) => controller.enqueue(encoder.encode(`data: ${data}\n\n`));
  return {
    response: new Response(body, { headers: { "content-type": "text/event-stream" } }),
    say: (content) => send(JSON.stringify({ choices: [{ index: 0, delta: { content } }] })),
    end() {
      send("[DONE]");
      controller.close();
    },
  };
}
