/**
 * The log of a process: what it tells is written to its daemon's file, a line of JSON each, by LogTape,
 * without secrets and without the texts of messages.
 *
 * @module
 */
import { type Config, configureSync, getLogger, type LogRecord, resetSync } from "@logtape/logtape";
import type { LogConfig } from "./config.ts";
import { currentCorrelation } from "./correlation.ts";
import { isAtLeast, type LogLevel } from "./level.ts";
import { formatLine } from "./line.ts";
import { LogFile } from "./log_file.ts";
import { logPath } from "./log_path.ts";
import { redactor } from "./redact.ts";

/** Everything of this program is below this category. */
const PROGRAM = "mesh";

/** How a process logs. */
export interface LoggingOptions extends Partial<LogConfig> {
  /** The state directory. */
  readonly root: string;
  /** What the process runs as, such as `serve`: its file's name. */
  readonly daemon: string;
  /** Values that must not be logged whatever they look like, such as configured keys. */
  readonly secrets?: readonly string[];
}

/** A process has one configuration of LogTape: that of the log which began last. */
const BEGUN: { readonly config: Config<"file", string> }[] = [];

/** The log of a process. Dispose of it to end it. */
export class Logging implements Disposable {
  /** Where it is written to. */
  readonly path: string;
  readonly #file: LogFile;
  readonly #level: LogLevel;
  readonly #begun: typeof BEGUN[number];

  /**
   * Begins to log. A process has one log: a second one takes the place of the first until it ends.
   *
   * @param options Where, and how much.
   */
  constructor(options: LoggingOptions) {
    const { root, daemon, level = "info", bodies = false, secrets = [], maxBytes, keep } = options;
    const { text, value } = redactor({ bodies, secrets });
    this.path = logPath(root, daemon);
    this.#level = level;
    const line = (record: LogRecord) => {
      const { properties: { correlation = currentCorrelation(), ...properties } } = record;
      return formatLine({
        time: new Date(record.timestamp).toISOString(),
        level: record.level,
        category: record.category.filter((word) => word !== PROGRAM).join("."),
        message: text(record.message.map(String).join("")),
        daemon,
        pid: Deno.pid,
        ...(correlation === undefined ? {} : { correlation: String(correlation) }),
        ...(Object.keys(properties).length === 0
          ? {}
          : { properties: value(properties) as Record<string, unknown> }),
      });
    };
    const file = this.#file = new LogFile(this.path, {
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(keep === undefined ? {} : { keep }),
      lost: (lines) => line(recordOf("warning", "log", `${lines} lines could not be written`, {})),
    });
    const config: Config<"file", string> = {
      reset: true,
      sinks: {
        file: (record) => {
          // What somebody may have to do something about is on the disk before anything else happens.
          if (isAtLeast(record.level, "warning")) file.write(line(record));
          else file.writeSoon(line(record));
        },
      },
      loggers: [
        { category: PROGRAM, sinks: ["file"], lowestLevel: level },
        // What LogTape says about itself, such as that a sink failed: there is nobody to tell.
        { category: ["logtape", "meta"], sinks: [], lowestLevel: "fatal" },
      ],
    };
    this.#begun = { config };
    BEGUN.push(this.#begun);
    configureSync(config);
  }

  /** How many lines could not be written, such as on a full disk. */
  get dropped(): number {
    return this.#file.dropped;
  }

  /**
   * Whether something would be logged, for whoever would have to make the words first.
   *
   * @param level How much it matters.
   * @returns Whether what matters so much is.
   */
  logs(level: LogLevel): boolean {
    return isAtLeast(level, this.#level);
  }

  /** Writes the lines that wait for others to be written with. */
  flush(): void {
    this.#file.flush();
  }

  /**
   * Logs something.
   *
   * @param level How much it matters.
   * @param category What it is about, such as `delivery`.
   * @param message One sentence for people, as it is: braces mean nothing.
   * @param properties The details, for programs.
   */
  log(
    level: LogLevel,
    category: string,
    message: string,
    properties: Readonly<Record<string, unknown>> = {},
  ): void {
    if (this.logs(level)) {
      getLogger([PROGRAM, category]).emit(recordOf(level, category, message, properties));
    }
  }

  /** Ends the log. */
  [Symbol.dispose](): void {
    const place = BEGUN.indexOf(this.#begun);
    if (place >= 0) BEGUN.splice(place, 1);
    const last = BEGUN.at(-1);
    if (last) configureSync(last.config);
    else resetSync();
    this.#file[Symbol.dispose]();
  }
}

function recordOf(
  level: LogLevel,
  category: string,
  message: string,
  properties: Readonly<Record<string, unknown>>,
): LogRecord {
  return {
    category: [PROGRAM, category],
    level,
    message: [message],
    rawMessage: message,
    timestamp: Date.now(),
    properties,
  };
}
