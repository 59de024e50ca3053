/**
 * Work whose words go to a log: in the background nobody listens to the terminal.
 *
 * @module
 */
import { messageOf } from "../../lib/error.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stateDirectory } from "../state_directory.ts";
import { Terminal } from "../terminal.ts";
import { openLog } from "./gateway_log.ts";

/**
 * Does the work with its results, warnings and failures in the log.
 *
 * @param context The environment.
 * @param flags The state directory.
 * @param work What to do; its context has the log for a terminal.
 * @param name What runs; the gateway by default.
 * @throws What the work throws, once it is in the log.
 */
export async function loggedTo(
  context: ActionContext,
  flags: CommonFlags,
  work: (context: ActionContext) => Promise<void>,
  name?: string,
): Promise<void> {
  using file = await openLog(stateDirectory(flags, context.env), name);
  const terminal = new Terminal({
    stdout: file,
    stderr: file,
    env: context.env,
    json: context.terminal.json,
  });
  const onDeath = (event: ErrorEvent | PromiseRejectionEvent) =>
    terminal.note(`fault: ${messageOf("reason" in event ? event.reason : event.error)}`);
  globalThis.addEventListener("error", onDeath);
  globalThis.addEventListener("unhandledrejection", onDeath);
  try {
    await work({ ...context, terminal });
  } catch (error) {
    terminal.fail(error);
    throw error;
  } finally {
    globalThis.removeEventListener("error", onDeath);
    globalThis.removeEventListener("unhandledrejection", onDeath);
  }
}
