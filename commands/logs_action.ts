/** What `mesh logs` does. @module */
import { MeshError } from "../lib/error.ts";
import { LogFollower } from "../lib/log/follow_logs.ts";
import { listLogs } from "../lib/log/log_path.ts";
import { lastLogs, type LogFilter, type LoggedLine, readLogs } from "../lib/log/read_logs.ts";
import type { ActionContext } from "./define.ts";
import { interruption } from "./interrupt.ts";
import { logWords } from "./log_words.ts";
import type { LogsFlags } from "./logs.ts";
import { stateDirectory } from "./state_directory.ts";
import { asciiJson, type Terminal } from "./terminal.ts";

/** How many lines are shown unless told otherwise. */
const USUAL = 100;

/** Milliseconds by which a line may be written later than its time says. */
const SKEW = 5_000;

/**
 * Prints what was logged, and with `--follow` what is logged from then on.
 *
 * @param context The terminal.
 * @param flags Which lines.
 * @throws {MeshError} `not_found` for a daemon that never logged anything.
 */
export default async function (context: ActionContext, flags: LogsFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const { daemon, level, correlation, since } = flags;
  const filter: LogFilter = {
    daemon,
    level,
    correlation: correlation?.toLowerCase(),
    since: since?.getTime(),
  };
  if (!flags.follow) {
    await assertLogged(root, daemon);
    return await print(terminal, past(root, flags, filter));
  }
  using stop = interruption();
  using follower = new LogFollower(root, filter);
  // What comes while the past is read may be seen twice, and is told once.
  const begun = Date.now();
  await follower.start();
  const told: LoggedLine[] = [];
  await print(terminal, past(root, flags, filter), (line) => told.push(line));
  const twice = new Set(
    told.filter(({ entry, time }) => !entry || time >= begun - SKEW)
      .map(({ daemon, text }) => `${daemon}\0${text}`),
  );
  for (const line of await follower.look()) {
    if (!twice.has(`${line.daemon}\0${line.text}`)) printLine(terminal, line);
  }
  await print(terminal, follower.lines(stop.signal));
}

async function* past(
  root: string,
  { lines, since }: Pick<LogsFlags, "lines" | "since">,
  filter: LogFilter,
): AsyncGenerator<LoggedLine> {
  if (lines === undefined && since !== undefined) return yield* readLogs(root, filter);
  yield* await lastLogs(root, lines ?? USUAL, filter);
}

async function assertLogged(root: string, daemon: string | undefined): Promise<void> {
  const names = [...new Set((await listLogs(root)).map((file) => file.daemon))];
  if (daemon === undefined ? names.length > 0 : names.includes(daemon)) return;
  if (daemon === undefined || names.length === 0) {
    throw new MeshError("not_found", `Nothing was ever logged in "${root}"`, {
      hint: "daemons log when they run: mesh serve",
    });
  }
  throw new MeshError("not_found", `There is no log of a daemon "${daemon}"`, {
    hint: `there are logs of: ${names.join(", ")}`,
  });
}

async function print(
  terminal: Terminal,
  lines: AsyncIterable<LoggedLine>,
  note: (line: LoggedLine) => void = () => {},
): Promise<void> {
  for await (const line of lines) {
    printLine(terminal, line);
    note(line);
    if (terminal.unheard) return;
  }
}

function printLine(terminal: Terminal, line: LoggedLine): void {
  if (terminal.json) terminal.raw(`${asDocument(line)}\n`);
  else terminal.line(logWords(line, terminal.color));
}

/**
 * Lines of ours are passed on as they are, but for characters that a terminal might obey; what a program
 * printed becomes a document.
 */
function asDocument({ daemon, text, entry }: LoggedLine): string {
  // Between words these are blanks; within words there are none as they are.
  const line = text.replace(/[\t\r]/g, " ");
  return asciiJson(entry ? line : JSON.stringify({ daemon, message: text }));
}
