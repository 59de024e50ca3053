/** Declares `mesh logs`. @module */
import { parseLogLevel } from "../lib/log/level.ts";
import type { LogLevel } from "../lib/log/level.ts";
import { defineCommand } from "./define.ts";
import { type CommonFlags, parseCount, parseSince } from "./flags.ts";

/** Flags of `mesh logs`. */
export interface LogsFlags extends CommonFlags {
  readonly follow: boolean;
  readonly since?: Date;
  readonly level?: LogLevel;
  readonly daemon?: string;
  readonly correlation?: string;
  readonly lines?: number;
}

/** `mesh logs`. */
export const logs = defineCommand<LogsFlags>({
  brief: "Read what the daemons have logged",
  description:
    "Of all daemons on the state directory, in the order of their times: the last 100 lines, or with\n" +
    "--since all from then on. --json prints the lines as they are in the files, which are JSON, too.\n" +
    "Lines that belong together, from a request to what the agent said, have the same id in brackets:\n" +
    "--correlation shows them alone. How much is logged: log.level in config.json, or MESH_LOG_LEVEL.",
  examples: [
    ["mesh logs", "the last 100 lines"],
    ["mesh logs -f", "and then what is new; Ctrl-C ends it"],
    ["mesh logs --since 1h --level warning", "what went wrong in the last hour"],
    ["mesh logs --daemon ogp --correlation 4bf92f35", "what a request led to"],
  ],
  flags: {
    follow: {
      kind: "boolean",
      brief: "Wait for what is new",
      default: false,
      withNegated: false,
    },
    since: {
      kind: "parsed",
      parse: (input: string) => parseSince(input),
      placeholder: "time",
      brief: "From then on: 10m, 2h, 3d, or a date and time",
      optional: true,
    },
    level: {
      kind: "parsed",
      parse: parseLogLevel,
      placeholder: "level",
      brief: "What matters at least so much: debug, info, warning, error",
      optional: true,
    },
    daemon: {
      kind: "parsed",
      parse: String,
      placeholder: "name",
      brief: "Of this daemon only, such as serve, ogp or ocg",
      optional: true,
    },
    correlation: {
      kind: "parsed",
      parse: String,
      placeholder: "id",
      brief: "Of what belongs together: the id in brackets, or its beginning",
      optional: true,
    },
    lines: {
      kind: "parsed",
      parse: parseCount,
      placeholder: "number",
      brief: "At most so many, the newest (default: 100 without --since)",
      optional: true,
    },
  },
  aliases: { f: "follow", n: "lines" },
  action: () => import("./logs_action.ts"),
});
