/**
 * `mesh serve` as a process, and what it tells.
 *
 * @module
 */
import { type Outcome, Run } from "./program.ts";

/** One line that `mesh serve --json` prints. */
export interface ServeEvent {
  readonly kind: string;
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
  readonly [detail: string]: any;
}

/** A running daemon. Dispose of it, or stop it. */
export class Daemon implements AsyncDisposable {
  /** The process. */
  readonly run: Run;
  /** Where it listens, as it said. */
  readonly port: number;

  private constructor(run: Run, port: number) {
    this.run = run;
    this.port = port;
  }

  /**
   * Starts a daemon and waits until it listens.
   *
   * @param env Which node it serves.
   * @param port Where it listens; any free port by default.
   * @returns The daemon.
   */
  static async start(env: Readonly<Record<string, string>>, port = 0): Promise<Daemon> {
    const args = ["serve", "--json", "--host", "127.0.0.1", "--port", String(port)];
    const run = new Run(args, { env });
    try {
      const [first] = await run.until("the first line", () => {
        const events = eventsIn(run.stdout);
        return events.length > 0 ? events : undefined;
      });
      if (first?.kind !== "listening") throw new Error(run.transcript("does not listen"));
      return new Daemon(run, first.port);
    } catch (error) {
      await run[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it has told so far. */
  get events(): ServeEvent[] {
    return eventsIn(this.run.stdout);
  }

  /**
   * Waits for an event.
   *
   * @param kind Its kind.
   * @param fits Which one; any by default.
   * @param patience Milliseconds.
   * @returns The first that fits.
   */
  async heard(
    kind: string,
    fits: (event: ServeEvent) => boolean = () => true,
    patience?: number,
  ): Promise<ServeEvent> {
    const find = () => this.events.find((event) => event.kind === kind && fits(event));
    return await this.run.until(`the event "${kind}"`, find, patience);
  }

  /**
   * Asks it to stop, and waits until it has.
   *
   * @param signal How it is asked.
   * @param patience Milliseconds that it may take.
   * @returns What the run left behind.
   */
  async stop(signal: Deno.Signal = "SIGTERM", patience?: number): Promise<Outcome> {
    this.run.kill(signal);
    return await this.run.end(patience);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run[Symbol.asyncDispose]();
  }
}

function eventsIn(stdout: string): ServeEvent[] {
  return stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}
