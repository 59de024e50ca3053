/** What `mesh serve` does. @module */
import { meshConfig } from "../lib/mesh/config.ts";
import { startDaemon } from "../server/daemon.ts";
import { logRequests } from "../server/log_events.ts";
import { runUntilStopped, startNoNeedlessPrograms } from "./daemon_run.ts";
import { Teller } from "./daemon_words.ts";
import type { ActionContext } from "./define.ts";
import { openEventLog } from "./event_log.ts";
import { interruption } from "./interrupt.ts";
import { openNode } from "./node.ts";
import { notePause } from "./pause_words.ts";
import { openGatewayBeside } from "./root_nodes.ts";
import type { ServeFlags } from "./serve.ts";

/**
 * Runs the daemon until it is asked to stop.
 *
 * @param context The terminal.
 * @param flags Where to listen.
 */
export default async function (context: ActionContext, flags: ServeFlags): Promise<void> {
  const { terminal } = context;
  const node = await openNode(context, flags);
  using ogp = await openGatewayBeside(context, node.state.root);
  await startNoNeedlessPrograms(ogp?.state);
  using stop = interruption();
  using log = await openEventLog(context, node.state.root, "serve");
  const teller = new Teller(terminal, { log });
  const configured = await meshConfig(node.state.store).read();
  const { host = configured.host, port = configured.port } = flags;
  const daemon = await startDaemon(node, {
    host,
    port,
    ogp,
    watch: { answered: logRequests(log) },
    onEvent: (event) => teller.tell(event),
  }).catch(async (error) => {
    // Loaded when it is needed: a daemon that runs has no use for it.
    const { explainClash } = await import("../server/port_clash.ts");
    throw await explainClash(error, {
      port,
      command: "mesh serve",
      root: node.state.root,
    });
  });
  const { agent_id, fingerprint } = node.identity.card;
  const where = { host, port: daemon.port };
  teller.listening(
    { kind: "listening", ok: true, ...where, state_dir: node.state.root, agent_id, fingerprint },
    `listening on http://${where.host}:${where.port} as ${agent_id} (${fingerprint})`,
  );
  await notePause(terminal, node.state.store);
  await runUntilStopped(daemon, node.state.root, stop, teller);
}
