/**
 * The process of a plugin's host, seen from our side: orders with answers, news, and its end, which comes
 * whether it wants to or not.
 *
 * @module
 */
import { MeshError, messageOf } from "../../error.ts";
import { readLines } from "../../expose/lines.ts";
import { GROUPS, ProcessGroup } from "../../process/process_group.ts";
import {
  type Failure,
  type FromHost,
  Lines,
  type News,
  type Order,
  readLine,
} from "./host/wire.ts";
import type { HostRuntime } from "./runtime.ts";

/** What to start. */
export interface HostProcessOptions {
  /** What runs it. */
  readonly runtime: HostRuntime;
  /** The host's main file. */
  readonly main: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder that it works in. */
  readonly cwd: string;
  /** Told of what it says unasked. */
  readonly onNews: (news: News) => void;
  /** Told of each line that it or its plugin prints. */
  readonly onLog: (line: string) => void;
}

/** An order that waits for its answer. */
interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: MeshError) => void;
}

/** Milliseconds in which a host has to end by itself once it is asked to. */
const STOP_MS = 4_000;

/** Milliseconds between being asked by the system to end and being ended. */
const GRACE_MS = 500;

/** A host that runs. */
export class HostProcess {
  /** Settles when it has ended, with how. Never rejects. */
  readonly ended: Promise<string>;
  readonly #child: Deno.ChildProcess;
  readonly #group: ProcessGroup;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #options: HostProcessOptions;
  #next = 1;
  #exited = false;
  #over: string | undefined;

  /**
   * Starts one.
   *
   * @param options What to start.
   * @throws {MeshError} `unavailable` if it cannot be started.
   */
  constructor(options: HostProcessOptions) {
    this.#options = options;
    this.#child = spawn(options);
    this.#group = new ProcessGroup(this.#child);
    this.#input = this.#child.stdin.getWriter();
    this.#input.closed.catch(() => {});
    this.ended = this.#run();
  }

  /** Its number. */
  get pid(): number {
    return this.#child.pid;
  }

  /**
   * Orders something.
   *
   * @param order The order.
   * @param timeoutMs Milliseconds that the answer may take.
   * @param signal Stops waiting for it.
   * @returns The answer.
   * @throws {MeshError} `config_invalid` if the owner has to do something first, `refused` if the plugin
   * cannot do it, `timeout`, or `unavailable` if it may work later.
   */
  async order(order: Order, timeoutMs: number, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.#over !== undefined) throw gone(this.#over);
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const late = () => reject(new MeshError("timeout", `The plugin does not answer "${order.do}"`));
    const timer = setTimeout(late, timeoutMs);
    const giveUp = () => reject(new MeshError("interrupted", "Interrupted"));
    signal?.addEventListener("abort", giveUp, { once: true });
    this.#say({ id, ...order });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
      this.#waiting.delete(id);
    }
  }

  /**
   * Tells it whether a message of its is on disk.
   *
   * @param n The message's number.
   * @param ok Whether it is.
   */
  took(n: number, ok: boolean): void {
    this.#say({ took: n, ok });
  }

  /** Ends it: politely, then for good. */
  async stop(): Promise<void> {
    if (this.#over === undefined) {
      await this.order({ do: "stop" }, STOP_MS).catch(() => {});
      await this.#input.close().catch(() => {});
    }
    this.kill();
    await this.ended;
  }

  /** Ends it without asking. */
  kill(): void {
    if (!this.#exited) this.#group.end(GRACE_MS);
  }

  #say(line: unknown): void {
    const bytes = new TextEncoder().encode(JSON.stringify(line) + "\n");
    // A host that is gone has an end, which tells.
    this.#input.write(bytes).catch(() => {});
  }

  async #run(): Promise<string> {
    const errors = readLines(this.#child.stderr, this.#options.onLog);
    const reading = this.#read();
    const { code, signal } = await this.#child.status;
    this.#exited = true;
    this.#group.settle();
    // What it said last is still in the pipe; what it started may hold that open.
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, 500);
    await Promise.race([Promise.all([reading.ended, errors.ended]), late.promise]);
    clearTimeout(timer);
    await Promise.all([reading.stop(), errors.stop(), this.#input.abort().catch(() => {})]);
    const end = signal === null ? `exit code ${code}` : signal;
    this.#over = `The plugin's process ended (${end})`;
    for (const { reject } of this.#waiting.values()) reject(gone(this.#over));
    this.#waiting.clear();
    return this.#over;
  }

  #read(): { ended: Promise<void>; stop(): Promise<void> } {
    const reader = this.#child.stdout.getReader();
    const lines = new Lines((line) => this.#take(line));
    const decoder = new TextDecoder();
    const ended = (async () => {
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          lines.push(decoder.decode(value, { stream: true }));
        }
      } catch {
        // A pipe that breaks is a pipe that ends.
      }
    })();
    return {
      ended,
      async stop() {
        await reader.cancel().catch(() => {});
        await ended;
      },
    };
  }

  #take(line: string): void {
    const said = readLine(line) as FromHost | undefined;
    try {
      if (said && "say" in said) this.#options.onNews(said);
      else if (said && typeof said.id === "number") this.#answer(said);
      else this.#options.onLog(line.slice(0, 500));
    } catch (error) {
      this.#options.onLog(`What the plugin's process said cannot be used: ${messageOf(error)}`);
    }
  }

  #answer(said: Extract<FromHost, { id: number }>): void {
    const waiting = this.#waiting.get(said.id);
    if (said.ok) waiting?.resolve(said.value);
    else waiting?.reject(errorOf(said.failure));
  }
}

function spawn({ runtime, main, env, cwd }: HostProcessOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(runtime.program, {
      args: [...runtime.args, main],
      env,
      clearEnv: true,
      cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: GROUPS,
    }).spawn();
  } catch (cause) {
    throw new MeshError("unavailable", `Cannot start ${runtime.name}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function gone(how: string): MeshError {
  return new MeshError("unavailable", how);
}

function errorOf({ kind, text }: Failure): MeshError {
  if (kind === "settings") return new MeshError("config_invalid", String(text));
  return new MeshError(kind === "plugin" ? "refused" : "unavailable", String(text));
}
