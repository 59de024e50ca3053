/** What `mesh ocg start` does in the foreground. @module */
import type { Logging } from "../../lib/log/logging.ts";
import { OCG } from "../../lib/run/run_file.ts";
import { logRequests } from "../../server/log_events.ts";
import { type OcgDaemon, startOcg } from "../../server/ocg_daemon.ts";
import { runUntilStopped } from "../daemon_run.ts";
import { Teller } from "../daemon_words.ts";
import type { ActionContext } from "../define.ts";
import { openEventLog } from "../event_log.ts";
import { interruption } from "../interrupt.ts";
import { notePause } from "../pause_words.ts";
import { stateDirectory } from "../state_directory.ts";
import { callbackWarnings } from "./careful.ts";
import { openNodes } from "./nodes.ts";
import { openChannels } from "./opened.ts";
import { listenArguments } from "./listen_arguments.ts";
import type { StartFlags } from "./start.ts";

/**
 * Runs the channels until they are asked to stop, or leaves them running in the background.
 *
 * @param context The terminal.
 * @param flags Where callbacks are taken.
 */
export default async function (context: ActionContext, flags: StartFlags): Promise<void> {
  if (flags.background) {
    const { startChannelsInBackground } = await import("./background.ts");
    await startChannelsInBackground(context, flags);
    return;
  }
  if (flags.log) {
    const { loggedTo } = await import("../logged.ts");
    await loggedTo(context, flags, OCG, (logged, log) => serve(logged, flags, log));
    return;
  }
  using log = await openEventLog(context, stateDirectory(flags, context.env), OCG);
  await serve(context, flags, log);
}

/** Serves until it is asked to stop. */
async function serve(context: ActionContext, flags: StartFlags, log: Logging): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  using nodes = await openNodes(context, root);
  using channels = await openChannels(context, root, nodes);
  const { loaded, accounts, state } = channels;
  using stop = interruption();
  // What goes to a file or a journal is read later.
  const dated = !Deno.stdout.isTerminal();
  const teller = new Teller(terminal, { dated, log, silent: flags.log });
  const { host = channels.host, port = loaded.config.callbackPort } = flags;
  const daemon = await startOcg({
    host,
    port,
    ...channels.options,
    nodes,
    args: listenArguments(flags),
    watch: { answered: logRequests(log) },
    tell: (event) => teller.tell(event),
  }).catch(async (error) => {
    // Loaded when it is needed: a daemon that runs has no use for it.
    const { explainClash } = await import("../../server/port_clash.ts");
    throw await explainClash(error, { port, command: "mesh ocg start", root });
  });
  for (const warning of callbackWarnings(loaded, accounts, host)) terminal.warn(warning);
  sayWhere(teller, daemon, { root, path: loaded.path });
  // The link lets in whoever has it: a person may see it, a log may not.
  const link = daemon.parts.webchatUrl();
  if (link !== undefined && !terminal.json) {
    if (dated) {
      teller.note("To chat with the agent, open the link that is shown by: mesh ocg status");
    } else terminal.line(`To chat with the agent, open: ${link}`);
  }
  if (nodes) await notePause(terminal, state.store);
  await runUntilStopped(daemon, root, stop, teller);
}

function sayWhere(
  teller: Teller,
  { port, running: { host }, parts: { gateway } }: OcgDaemon,
  { root, path }: { root: string; path: string },
): void {
  const callback = `${gateway.callbacks.baseUrl}/ocg/callback/`;
  teller.listening({
    kind: "listening",
    ok: true,
    host,
    port,
    state_dir: root,
    config: path,
    callback_url: callback,
    channels: gateway.accounts.filter(({ enabled }) => enabled)
      .map(({ channel, account }) => `${channel}/${account}`),
  }, `listening on ${host} port ${port}; agents call back at ${callback}`);
}
