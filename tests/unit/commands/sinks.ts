/**
 * A terminal in memory.
 *
 * @module
 */
import type { TerminalOptions, TextSink } from "../../../commands/terminal.ts";

/** Keeps what is written to it; takes a few bytes at a time, as a pipe may. */
export class MemorySink implements TextSink {
  readonly #bytes: number[] = [];

  /**
   * @param terminal Whether it poses as one.
   * @param failure What writing throws, if it fails.
   */
  constructor(private readonly terminal = false, public failure?: Error) {}

  /** All that was written. */
  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#bytes));
  }

  writeSync(bytes: Uint8Array): number {
    if (this.failure) throw this.failure;
    const part = bytes.subarray(0, 7);
    this.#bytes.push(...part);
    return part.length;
  }

  isTerminal(): boolean {
    return this.terminal;
  }
}

/** Two sinks and an environment, as a terminal takes them. */
export class Sinks implements TerminalOptions {
  readonly stdout: MemorySink;
  readonly stderr: MemorySink;
  readonly env: (name: string) => string | undefined;

  /**
   * @param terminal Whether a person is looking.
   * @param env The environment.
   */
  constructor(terminal = false, env: Readonly<Record<string, string>> = {}) {
    this.stdout = new MemorySink(terminal);
    this.stderr = new MemorySink(terminal);
    this.env = (name) => env[name];
  }
}
