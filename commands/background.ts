/**
 * A daemon in the background: this program started once more, in a session of its own, with its output in a
 * log, and left alone as soon as it really listens.
 *
 * @module
 */
import { MeshError } from "../lib/error.ts";
import { logPath } from "../lib/log/log_path.ts";
import { listRunning, type Running } from "../lib/run/run_file.ts";
import { logSize, readLogFrom, whyItEnded } from "./daemon_log.ts";
import { type Detached, startItself } from "./itself.ts";

/** Milliseconds that the daemon gets until it listens. */
const PATIENCE = 20_000;

/** Milliseconds between looks whether it does. */
const LOOK_EVERY = 50;

/** What to start. */
export interface BackgroundOptions {
  /** The state directory. */
  readonly root: string;
  /** What it announces itself as; its log is named so, too. */
  readonly name: string;
  /** What people call it, such as `The gateway`. */
  readonly title: string;
  /** The command that ends it. */
  readonly stop: string;
  /** The command line that runs it in the foreground with its words in the log. */
  readonly args: readonly string[];
}

/**
 * Starts a daemon and returns when it listens.
 *
 * @param options What to start.
 * @returns The daemon, as it announced itself.
 * @throws {MeshError} Why it does not run, as it said itself; `timeout`.
 */
export async function startInBackground(options: BackgroundOptions): Promise<Running> {
  const { root, name, title, stop, args } = options;
  const log = logPath(root, name);
  const size = await logSize(root, name);
  const child = startItself(args);
  const running = await untilItListens(options, child);
  if (running) return running;
  if (child.exitCode === undefined) {
    throw new MeshError(
      "timeout",
      `${title} (process ${child.pid}) does not listen after ${PATIENCE / 1000} seconds`,
      { hint: `look at ${log}, or: ${stop}` },
    );
  }
  const said = await readLogFrom(root, size, name);
  throw whyItEnded(child.exitCode, said, log, `${title} did not start`);
}

/** The daemon as it announced itself, or `undefined` if it ended or takes too long. */
async function untilItListens(
  { root, name }: BackgroundOptions,
  child: Detached,
): Promise<Running | undefined> {
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    const ended = child.exitCode !== undefined;
    const running = (await listRunning(root)).find((one) =>
      one.name === name && one.pid === child.pid
    );
    if (running) return running;
    if (ended) return undefined;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  return undefined;
}
