/**
 * `mesh ocg start` as a process, and a browser that talks to its page.
 *
 * @module
 */
import { plainLines } from "../../../lib/log/line.ts";
import type { ServeEvent } from "../daemon.ts";
import { eventually } from "../eventually.ts";
import { TestNode } from "../node.ts";
import { freePort } from "../ports.ts";
import { Run } from "../program.ts";

/** A machine with a channel gateway that is stopped whatever happens. */
export class ChannelMachine implements AsyncDisposable {
  /** Its folder and its runs. */
  readonly node: TestNode;
  /** A port that is nobody else's. */
  readonly port = freePort();

  private constructor(node: TestNode) {
    this.node = node;
  }

  /**
   * A machine.
   *
   * @param config What `ocg.json` holds beside the port; none is written if it is left out.
   */
  static async with(config?: Record<string, unknown>): Promise<ChannelMachine> {
    const machine = new ChannelMachine(await TestNode.empty("ann"));
    if (config) await machine.configure(config);
    return machine;
  }

  /** Writes `ocg.json`. */
  async configure(config: Record<string, unknown>): Promise<void> {
    await Deno.mkdir(this.node.state, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ callbackPort: this.port, ...config });
    await Deno.writeTextFile(`${this.node.state}/ocg.json`, text, { mode: 0o600 });
  }

  /** What the log says to people, a line each. */
  async log(): Promise<string> {
    return plainLines(await Deno.readTextFile(`${this.node.state}/run/ocg.log`));
  }

  /** Starts the gateway in the foreground. */
  async start(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Gateway> {
    const run = this.node.start(["ocg", "start", "--json", ...args], { env });
    const gateway = new Gateway(run);
    try {
      await gateway.heard("listening");
      return gateway;
    } catch (error) {
      await run[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The link to the page, once it is served. */
  async link(): Promise<string> {
    return await eventually("the link", async () => {
      const { webchat_url } = await this.node.json(["ocg", "status"]);
      return webchat_url ?? undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.run(["ocg", "stop"]).catch(() => {});
    await this.node[Symbol.asyncDispose]();
  }
}

/** A gateway in the foreground. */
export class Gateway implements AsyncDisposable {
  constructor(readonly run: Run) {}

  /** What it has told so far. */
  get events(): ServeEvent[] {
    return this.run.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  /** Waits for an event. */
  async heard(
    kind: string,
    fits: (event: ServeEvent) => boolean = () => true,
  ): Promise<ServeEvent> {
    const find = () => this.events.find((event) => event.kind === kind && fits(event));
    return await this.run.until(`the event "${kind}"`, find);
  }

  /** Kills it, as a power cut would. */
  async kill(): Promise<void> {
    this.run.kill("SIGKILL");
    await this.run.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run[Symbol.asyncDispose]();
  }
}

/** A message in a room. */
export interface RoomMessage {
  readonly id: string;
  readonly from: "person" | "bot";
  readonly text: string;
}

/** Somebody at the page. */
export class Visitor {
  readonly #base: string;
  #cookie = "";

  private constructor(base: string) {
    this.#base = base;
  }

  /** Opens the link. */
  static async open(link: string): Promise<Visitor> {
    const [base = "", token = ""] = link.split("#");
    const visitor = new Visitor(base);
    const response = await visitor.#post("/session", { token });
    if (response.status !== 204) throw new Error(`not let in: ${response.status}`);
    return visitor;
  }

  /** Says something; a key says it again. */
  async say(text: string, key: string = crypto.randomUUID()): Promise<Response> {
    return await this.#post("/messages", { key, text });
  }

  /** What is in the room now. */
  async history(): Promise<RoomMessage[]> {
    const stop = new AbortController();
    const response = await fetch(`${this.#base}/events`, {
      headers: { cookie: this.#cookie },
      signal: stop.signal,
    });
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const data = /^event: history\n(?:id: .*\n)?data: (.*)\n\n/m.exec(text)?.[1];
      if (data === undefined) continue;
      stop.abort();
      return JSON.parse(data);
    }
    throw new Error(`no history: ${text}`);
  }

  /** Waits until the bot has said something. */
  async heard(text: string): Promise<RoomMessage[]> {
    return await eventually(`"${text}" in the room`, async () => {
      const said = await this.history().catch(() => []);
      return said.some((one) => one.from === "bot" && one.text === text) ? said : undefined;
    }, 30_000);
  }

  async #post(path: string, body: unknown): Promise<Response> {
    const response = await fetch(this.#base + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: new URL(this.#base).origin,
        cookie: this.#cookie,
      },
      body: JSON.stringify(body),
    });
    await response.body?.cancel();
    this.#cookie = response.headers.get("set-cookie")?.split(";")[0] ?? this.#cookie;
    return response;
  }
}
