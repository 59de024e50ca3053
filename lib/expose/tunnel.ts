/**
 * One run of a tunnel program: from its start over the URL that it tells to its end, for whatever reason.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { GROUPS, ProcessGroup } from "../process/process_group.ts";
import { readLines } from "./lines.ts";
import type { Trouble, TunnelProgram } from "./tunnel_program.ts";

/** What a run needs. */
export interface TunnelOptions {
  /** The program. */
  readonly program: TunnelProgram;
  /** Where it is. */
  readonly path: string;
  /** The local URL that it exposes. */
  readonly target: string;
  /** A configuration file with nothing in it. */
  readonly emptyFile: string;
  /** Told of what only the owner can do. */
  readonly onAsk?: (text: string) => void;
}

/** A run that ended, or did not get anywhere. */
export class TunnelError extends MeshError {
  /** Whether the program was told that it asks too often. */
  readonly limited: boolean;

  /**
   * A failure with its sentence.
   *
   * @param code `unavailable` or `timeout`.
   * @param message The sentence.
   * @param trouble What the program said last of what went wrong.
   */
  constructor(code: "unavailable" | "timeout", message: string, trouble?: Trouble) {
    super(code, message, trouble?.hint === undefined ? {} : { hint: trouble.hint });
    this.limited = trouble?.limited ?? false;
  }
}

/** Milliseconds that output may still come after the program's end. */
const DRAIN_MS = 500;

/** Milliseconds that the owner gets for what only the owner can do. */
const OWNER_MS = 300_000;

/** Characters of a program's words that are passed on. */
const LONGEST_WORDS = 300;

/** A tunnel program that runs. */
export class Tunnel {
  /** Its process. */
  readonly pid: number;
  /** Why it ended, once it has. Never rejects. */
  readonly ended: Promise<TunnelError>;
  readonly #program: TunnelProgram;
  readonly #child: Deno.ChildProcess;
  readonly #group: ProcessGroup;
  readonly #read: (line: string) => void;
  readonly #url = Promise.withResolvers<string>();
  readonly #connected = Promise.withResolvers<void>();
  #trouble: Trouble | undefined;
  #lastLine = "";
  #asked = false;
  #closing = false;
  #over = false;

  /**
   * Starts the program, in a process group of its own, with our environment: it is configured there.
   *
   * @param options What it needs.
   * @throws {MeshError} `unavailable` if it cannot be started, `refused` if it may not.
   */
  constructor(options: TunnelOptions) {
    const { program, onAsk } = options;
    this.#program = program;
    this.#child = spawn(options);
    this.pid = this.#child.pid;
    this.#group = new ProcessGroup(this.#child);
    const reader = program.reader();
    this.#read = (line) => {
      this.#lastLine = line;
      const reading = reader(line);
      if (reading?.kind === "url") this.#url.resolve(reading.url);
      else if (reading?.kind === "connected") this.#connected.resolve();
      else if (reading?.kind === "trouble") this.#trouble = reading;
      else if (reading?.kind === "ask") {
        this.#trouble = { kind: "trouble", text: reading.text };
        this.#asked = true;
        onAsk?.(reading.text);
      }
    };
    this.ended = this.#follow();
  }

  /**
   * Waits for the public URL, and, where the program tells it, until the way to it is open: whoever asks
   * for its name earlier may be told for minutes that there is no such name.
   *
   * @param urlMs Milliseconds that the URL may take; five minutes more if the owner has to do something.
   * @param connectedMs Milliseconds that the way may take; then it has to be tried out.
   * @param signal Ends the waiting.
   * @returns The URL as the program told it.
   * @throws {TunnelError} If the program ends before, or tells none in time.
   */
  async url(urlMs: number, connectedMs: number, signal: AbortSignal): Promise<string> {
    let url = await this.#within(urlMs, signal, this.#url.promise);
    if (url === undefined && this.#asked) {
      url = await this.#within(OWNER_MS, signal, this.#url.promise);
    }
    if (url === undefined) {
      const words = this.#words();
      throw new TunnelError(
        "timeout",
        `${this.#program.method} told no URL within ${urlMs / 1000} s: ${words}`,
        this.#trouble,
      );
    }
    if (this.#program.saysConnected) {
      await this.#within(connectedMs, signal, this.#connected.promise);
    }
    return url;
  }

  /**
   * Ends it. Once is enough; waits until it is gone.
   *
   * @param graceMs Milliseconds between being asked to end and being ended.
   */
  async close(graceMs: number): Promise<void> {
    // Its number may be another's by now.
    if (this.#over) return void await this.ended;
    this.#closing = true;
    this.#group.end(graceMs);
    // Without the permission for any program the group cannot be reached, but the child can.
    this.#signal("SIGTERM");
    const timer = setTimeout(() => this.#signal("SIGKILL"), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  /** The value in time, `undefined` if not; the program's end, or the signal's, is a failure. */
  async #within<T>(ms: number, signal: AbortSignal, value: Promise<T>): Promise<T | undefined> {
    const over = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => over.resolve(undefined), ms);
    const onAbort = () => over.reject(new MeshError("interrupted", "Interrupted"));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      return await Promise.race([value, over.promise, this.#end()]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #end(): Promise<never> {
    throw await this.ended;
  }

  async #follow(): Promise<TunnelError> {
    const outputs = [this.#child.stdout, this.#child.stderr].map((stream) =>
      readLines(stream, this.#read)
    );
    const { code, signal } = await this.#child.status;
    this.#over = true;
    this.#group.settle();
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, DRAIN_MS);
    await Promise.race([Promise.all(outputs.map(({ ended }) => ended)), late.promise]);
    clearTimeout(timer);
    await Promise.all(outputs.map((output) => output.stop()));
    const how = signal === null ? `exit code ${code}` : signal;
    const { method } = this.#program;
    return new TunnelError(
      "unavailable",
      this.#closing ? `${method} was ended` : `${method} ended (${how}): ${this.#words()}`,
      this.#trouble,
    );
  }

  #words(): string {
    const words = (this.#trouble?.text ?? this.#lastLine).trim() || "it said nothing";
    return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words;
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended already.
    }
  }
}

function spawn({ program, path, target, emptyFile }: TunnelOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(path, {
      args: program.arguments(target, emptyFile),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: GROUPS,
    }).spawn();
  } catch (cause) {
    const said = messageOf(cause);
    const variable = /\b((?:LD|DYLD)_[A-Z_]+)\b/.exec(said)?.[1];
    if (variable !== undefined) {
      throw new MeshError("refused", `Cannot run "${path}" while ${variable} is set`, {
        cause,
        hint: `env -u ${variable} mesh ogp expose`,
      });
    }
    throw new MeshError("unavailable", `Cannot run "${path}": ${said}`, { cause });
  }
}
