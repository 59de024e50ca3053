/**
 * An agent's program while it runs: started with the first question, again after its death, later and later
 * if it keeps dying, and ended together with all that it started.
 *
 * @module
 */
import { AgentError } from "../../agent/agent_error.ts";
import { saidBy } from "../../agent/redact.ts";
import { Output } from "../../process/output.ts";
import { ProcessGroup } from "../../process/process_group.ts";
import { startProgram } from "../../process/run.ts";
import { Backoff, type BackoffBounds } from "../channels/backoff.ts";
import type { AcpConfig } from "../config_types.ts";
import { pauseFor } from "../pause_for.ts";
import { AcpConnection } from "./connection.ts";
import { failureOf, secretsOf } from "./failures.ts";
import { JsonLines } from "./json_lines.ts";
import { unless, within } from "./waiting.ts";

/** What may be said beside the configuration. */
export interface AcpProgramOptions {
  /** How long to wait before it is started again. Default: 1 to 60 seconds. */
  readonly backoff?: BackoffBounds | undefined;
  /** Milliseconds that the handshake may take; it may have to be downloaded first. Default 60,000. */
  readonly handshakeMs?: number | undefined;
  /** Milliseconds within which it ends an answer that it is told to end. Default 5,000. */
  readonly cancelMs?: number | undefined;
}

/** Longer than this, in milliseconds, nobody waits for a program to be started again. */
const WORTH_WAITING = 5000;
/** Milliseconds between being asked to end and being ended. */
const GRACE_MS = 2000;
/** Milliseconds that error output may still come after the program's end. */
const DRAIN_MS = 500;
/** How many of the last bytes of its error output are kept. */
const MAX_STDERR = 4096;

/** A program that runs. */
interface Run {
  /** The program that has shaken hands. */
  readonly connection: Promise<AcpConnection>;
  /** Settles with why it ended, when nothing is left of it. */
  readonly ended: Promise<AgentError>;
  /** Ends it. */
  end(): void;
}

/** One program, by its configuration. */
export class AcpProgram {
  readonly #config: AcpConfig;
  readonly #options: AcpProgramOptions;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  #run: Run | undefined;
  /** When it may be started again, as `performance.now` tells it. */
  #notBefore = 0;

  /**
   * It does not run yet.
   *
   * @param config The program.
   * @param options How patient to be.
   */
  constructor(config: AcpConfig, options: AcpProgramOptions = {}) {
    this.#config = config;
    this.#options = options;
    this.#backoff = new Backoff(options.backoff);
  }

  /**
   * The program, which is started if it does not run.
   *
   * @param signal Waits no longer.
   * @returns The connection, and what tells why it ended.
   * @throws {AgentError} if it cannot be started, or not yet again.
   */
  async connect(
    signal: AbortSignal,
  ): Promise<{ connection: AcpConnection; ended: Promise<AgentError> }> {
    for (;;) {
      const { connection, ended } = this.#run ?? await this.#startAgain(signal);
      try {
        const opened = await unless(signal, connection);
        if (!opened.isClosed) return { connection: opened, ended };
      } catch (error) {
        // What is left of it is not met by the next question.
        if (!signal.aborted) await unless(signal, ended);
        throw error;
      }
      await unless(signal, ended);
    }
  }

  /** Notes that it works: a death from now on is its first. */
  answered(): void {
    this.#backoff.reset();
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#run?.end();
    await this.#run?.ended;
  }

  async #startAgain(signal: AbortSignal): Promise<Run> {
    const wait = this.#notBefore - performance.now();
    if (wait > WORTH_WAITING) {
      const retryAfter = Math.ceil(wait / 1000);
      const sentence = `The agent's program has ended too often, and is started again ` +
        `in ${retryAfter} s at the earliest`;
      throw new AgentError("unreachable", sentence, { retryAfter });
    }
    if (wait > 0) await pauseFor(wait, AbortSignal.any([signal, this.#stop.signal]));
    signal.throwIfAborted();
    if (this.#stop.signal.aborted) throw new AgentError("interrupted", "The agent is stopped");
    // Another question may have waited for the same.
    return this.#run ??= this.#start();
  }

  #start(): Run {
    const { command, args, env, cwd } = this.#config;
    let child: Deno.ChildProcess;
    try {
      child = startProgram({ argv: [command, ...args], env, cwd });
    } catch (error) {
      this.#later();
      throw failureOf(error, secretsOf(this.#config), "");
    }
    const group = new ProcessGroup(child);
    const lines = new JsonLines(child);
    const stderr = new Output(child.stderr, MAX_STDERR);
    const end = Promise.withResolvers<void>();
    const connection = this.#shakeHands(lines, stderr, child, end.promise);
    const watch = async () => {
      const opened = await connection.catch(() => undefined);
      if (opened) await Promise.race([child.status, opened.closed, end.promise]);
      opened?.close();
      group.end(GRACE_MS);
      const status = await within(2 * GRACE_MS, child.status);
      group.settle();
      await within(DRAIN_MS, stderr.ended);
      await Promise.all([stderr.stop(), lines.close()]);
      this.#run = undefined;
      this.#later();
      return this.#death(opened?.reason, status, stderr.text());
    };
    return { connection, ended: watch(), end: () => end.resolve() };
  }

  async #shakeHands(
    lines: JsonLines,
    stderr: Output,
    child: Deno.ChildProcess,
    end: Promise<void>,
  ): Promise<AcpConnection> {
    const { handshakeMs = 60_000, cancelMs = 5000 } = this.#options;
    const over = new AbortController();
    const dead = child.status.then(async (status) => {
      await within(DRAIN_MS, stderr.ended);
      throw this.#death(undefined, status, stderr.text());
    });
    const late = pauseFor(handshakeMs, over.signal).then(() => {
      const seconds = handshakeMs / 1000;
      throw new AgentError("timeout", `The agent's program did not begin within ${seconds} s`);
    });
    const stopped = end.then(() => {
      throw new AgentError("interrupted", "The agent is stopped");
    });
    const opening = AcpConnection.open(lines, workingFolder(this.#config), cancelMs);
    const all = [opening, dead, late, stopped];
    for (const one of all) one.catch(() => {});
    try {
      return await Promise.race(all);
    } catch (error) {
      // What it said before it died tells more than that it says nothing.
      const why = error instanceof AgentError ? error : await within(DRAIN_MS, dead.catch(asError));
      throw why ?? failureOf(error, secretsOf(this.#config), "");
    } finally {
      over.abort();
    }
  }

  #later(): void {
    this.#notBefore = performance.now() + this.#backoff.next();
  }

  #death(
    reason: unknown,
    status: Deno.CommandStatus | undefined,
    stderr: string,
  ): AgentError {
    if (reason instanceof AgentError) return reason;
    const how = !status
      ? "does not end"
      : status.signal !== null
      ? `was ended by ${status.signal}`
      : `ended with exit code ${status.code}`;
    // The last thing said tells most.
    const last = stderr.trimEnd().split("\n").at(-1) ?? "";
    const said = saidBy(last, secretsOf(this.#config));
    const sentence = `The agent's program ${how}${said === "" ? "" : `: ${said}`}`;
    return new AgentError("unreachable", sentence);
  }
}

/**
 * The folder that sessions work in.
 *
 * @param config The configuration.
 * @param config.cwd The folder that the owner wants.
 * @param config.env The variables that the program gets.
 * @returns `cwd`, else the home directory.
 */
export function workingFolder({ cwd, env }: AcpConfig): string {
  return cwd ?? env.HOME ?? Deno.env.get("HOME") ?? "/";
}

function asError(error: unknown): AgentError | undefined {
  return error instanceof AgentError ? error : undefined;
}
