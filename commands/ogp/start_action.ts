/** What `mesh ogp start` does in the foreground. @module */
import type { Logging } from "../../lib/log/logging.ts";
import { ownKeyPrefix } from "../../lib/ogp/card.ts";
import { GATEWAY } from "../../lib/run/run_file.ts";
import { startGateway } from "../../server/gateway.ts";
import { logRequests } from "../../server/log_events.ts";
import { runUntilStopped, startNoNeedlessPrograms } from "../daemon_run.ts";
import { Teller } from "../daemon_words.ts";
import type { ActionContext } from "../define.ts";
import { openEventLog } from "../event_log.ts";
import { interruption } from "../interrupt.ts";
import { notePause } from "../pause_words.ts";
import { openMeshBeside } from "../root_nodes.ts";
import { openGateway } from "./gateway.ts";
import { stateDirectory } from "../state_directory.ts";
import type { StartFlags } from "./start.ts";

/**
 * Runs the gateway until it is asked to stop, or leaves it running in the background.
 *
 * @param context The terminal.
 * @param flags Where to listen.
 */
export default async function (context: ActionContext, flags: StartFlags): Promise<void> {
  if (flags.background) {
    const { startGatewayInBackground } = await import("./background.ts");
    await startGatewayInBackground(context, flags);
    return;
  }
  if (flags.log) {
    const { loggedTo } = await import("../logged.ts");
    await loggedTo(context, flags, GATEWAY, (logged, log) => serve(logged, flags, log));
    return;
  }
  using log = await openEventLog(context, stateDirectory(flags, context.env), GATEWAY);
  await serve(context, flags, log);
}

/** Serves until it is asked to stop. */
async function serve(context: ActionContext, flags: StartFlags, log: Logging): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const { root, store } = node.state;
  await startNoNeedlessPrograms(node.state);
  const mesh = await openMeshBeside(context, root);
  using stop = interruption();
  // What goes to a file or a journal is read later.
  const dated = !Deno.stdout.isTerminal();
  const teller = new Teller(terminal, { dated, log, silent: flags.log });
  const { host = node.config.host, port = node.config.daemonPort } = flags;
  const daemon = await startGateway(node, {
    host,
    port,
    mesh,
    watch: { answered: logRequests(log) },
    onEvent: (event) => teller.tell(event),
  }).catch(async (error) => {
    // Loaded when it is needed: a daemon that runs has no use for it.
    const { explainClash } = await import("../../server/port_clash.ts");
    throw await explainClash(error, { port, command: "mesh ogp start", root });
  });
  const id = ownKeyPrefix(node);
  teller.listening({
    kind: "listening",
    ok: true,
    host,
    port: daemon.port,
    state_dir: root,
    id,
    display_name: node.displayName,
    gateway_url: node.config.gatewayUrl ?? null,
    public_key: node.privateKey.publicKey.der,
  }, `listening on http://${host}:${daemon.port} as ${node.displayName} (${id})`);
  if (!node.config.gatewayUrl) {
    terminal.warn(
      "Peers are not told where to reach this gateway: mesh ogp setup --gateway-url URL",
    );
  }
  await notePause(terminal, store);
  await runUntilStopped(daemon, root, stop, teller);
}
