/**
 * `mesh ocg start` as a process.
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
