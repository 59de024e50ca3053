/** What `mesh up` does. @module */
import { notePause } from "./pause_words.ts";
import type { Logging } from "../lib/log/logging.ts";
import { UP } from "../lib/run/run_file.ts";
import { stopRequested } from "../lib/run/stop_request.ts";
import { startUp, type Up, type UpOptions } from "../server/up.ts";
import { Teller } from "./daemon_words.ts";
import type { ActionContext } from "./define.ts";
import { openEventLog } from "./event_log.ts";
import { type Interruption, interruption } from "./interrupt.ts";
import { stateDirectory } from "./state_directory.ts";
import type { UpFlags } from "./up.ts";
import { openUp } from "./up_parts.ts";
import { sayWhere } from "./up_words.ts";

/** Milliseconds that work under way gets when it is stopped. */
const GRACE = 4_000;

/**
 * Runs everything until it is asked to stop, or leaves it running in the background.
 *
 * @param context The terminal.
 * @param flags What to run.
 */
export default async function (context: ActionContext, flags: UpFlags): Promise<void> {
  if (flags.background) {
    const { upInBackground } = await import("./up_background.ts");
    await upInBackground(context, flags);
    return;
  }
  if (flags.log) {
    const { loggedTo } = await import("./logged.ts");
    await loggedTo(context, flags, UP, (logged, log) => run(logged, flags, log));
    return;
  }
  using log = await openEventLog(context, stateDirectory(flags, context.env), UP);
  await run(context, flags, log);
}

async function run(context: ActionContext, flags: UpFlags, log: Logging): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  using parts = await openUp(context, flags, root);
  using stop = interruption();
  const teller = new Teller(terminal, { dated: !Deno.stdout.isTerminal(), log, silent: flags.log });
  const options = await parts.options((event) => teller.tell(event), log);
  const up = await startUp(options).catch(async (error) => {
    // Loaded when it is needed: a daemon that runs has no use for it.
    const { explainClash } = await import("../server/port_clash.ts");
    const port = portIn(error);
    const take = `mesh config set ${keyOf(port, options)}`;
    throw await explainClash(error, { port, command: "mesh up", take, root });
  });
  sayWhere({ teller, terminal, up, parts, isLogged: flags.log });
  await notePause(terminal, parts.store);
  await untilStopped(up, root, stop, teller);
}

/** All of it ends with a signal or `mesh stop`; when the last surface was stopped by itself, the rest, too. */
async function untilStopped(
  up: Up,
  root: string,
  { signal }: Interruption,
  teller: Teller,
): Promise<void> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const each = up.daemons.map(async (daemon) => {
    if (!await stopRequested(root, daemon.running, ended)) return;
    teller.note(`Stopping what runs on port ${daemon.port}.`);
    await daemon.stop(GRACE);
  });
  await Promise.race([stopRequested(root, up.running, ended), Promise.all(each)]);
  over.abort();
  teller.note("Stopping.");
  await up.stop(GRACE);
  await Promise.all(each);
}

/** The sentence names it; which surface wanted it is not told otherwise. */
function portIn(error: unknown): number {
  return Number(/[Pp]ort (\d+)/.exec(error instanceof Error ? error.message : "")?.[1] ?? 0);
}

/** Where a port is configured: mesh up has no flag for those of its surfaces. */
function keyOf(port: number, { mesh, ogp, ocg }: UpOptions): string {
  if (mesh?.listen.port === port) return "mesh.port";
  if (ogp?.listen.port === port) return "ogp.daemonPort";
  return ocg?.listen.port === port ? "ocg.callbackPort" : "admin.port";
}
