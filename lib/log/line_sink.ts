/**
 * A terminal that is a log: in the background nobody looks, and what would have been said there is logged,
 * a line each.
 *
 * @module
 */
import type { LogLevel } from "./level.ts";

/** Where the lines go; a `Logging` fits. */
export interface LineTaker {
  /** Takes a line. */
  log(level: LogLevel, category: string, message: string): void;
}

/** How a line begins that matters more than others. A hint belongs to the line before. */
const BEGINNINGS: readonly (readonly [RegExp, LogLevel])[] = [
  [/^(?:mesh|fault): /, "error"],
  [/^warning: /, "warning"],
];

/** Takes text as a terminal does, and logs its lines. */
export class LineSink {
  readonly #log: LineTaker;
  readonly #category: string;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #level: LogLevel = "info";

  /**
   * Nothing is logged before a line is whole.
   *
   * @param log Where to.
   * @param category What the lines are about.
   */
  constructor(log: LineTaker, category = "daemon") {
    this.#log = log;
    this.#category = category;
  }

  /** Takes all of the bytes, and says how many they are. */
  writeSync(bytes: Uint8Array): number {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#take(line.trimEnd());
    return bytes.length;
  }

  /** Nobody is looking. */
  isTerminal(): boolean {
    return false;
  }

  #take(line: string): void {
    const [, level] = BEGINNINGS.find(([beginning]) => beginning.test(line)) ?? [];
    if (!line.startsWith("hint: ")) this.#level = level ?? "info";
    this.#log.log(this.#level, this.#category, line);
  }
}
