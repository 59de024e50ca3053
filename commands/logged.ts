/**
 * Work whose words go to a log: in the background nobody listens to the terminal.
 *
 * @module
 */
import { messageOf } from "../lib/error.ts";
import { LineSink } from "../lib/log/line_sink.ts";
import { Logging } from "../lib/log/logging.ts";
import type { ActionContext } from "./define.ts";
import { openEventLog } from "./event_log.ts";
import type { CommonFlags } from "./flags.ts";
import { stateDirectory } from "./state_directory.ts";
import { Terminal } from "./terminal.ts";

/**
 * Does the work with its results, warnings and failures in the log.
 *
 * @param context The environment.
 * @param flags The state directory.
 * @param name What runs, such as `ogp`.
 * @param work What to do; its context has the log for a terminal.
 * @throws What the work throws, once it is in the log.
 */
export async function loggedTo(
  context: ActionContext,
  flags: CommonFlags,
  name: string,
  work: (context: ActionContext, log: Logging) => Promise<void>,
): Promise<void> {
  const root = stateDirectory(flags, context.env);
  using log = await openEventLog(context, root, name).catch((error) => {
    // Why there is no log as configured has to be somewhere.
    using plain = new Logging({ root, daemon: name });
    terminalOf(context, plain).fail(error);
    throw error;
  });
  const terminal = terminalOf(context, log);
  const onDeath = (event: ErrorEvent | PromiseRejectionEvent) =>
    terminal.note(`fault: ${messageOf("reason" in event ? event.reason : event.error)}`);
  globalThis.addEventListener("error", onDeath);
  globalThis.addEventListener("unhandledrejection", onDeath);
  try {
    await work({ ...context, terminal }, log);
  } catch (error) {
    terminal.fail(error);
    throw error;
  } finally {
    globalThis.removeEventListener("error", onDeath);
    globalThis.removeEventListener("unhandledrejection", onDeath);
  }
}

/** What is said for programs is logged as an event; the terminal speaks to people. */
function terminalOf({ env }: ActionContext, log: Logging): Terminal {
  const sink = new LineSink(log);
  return new Terminal({ stdout: sink, stderr: sink, env });
}
