/** What `mesh ogp start` does in the foreground. @module */
import { ownKeyPrefix } from "../../lib/ogp/card.ts";
import { startGateway } from "../../server/gateway.ts";
import { runUntilStopped, startNoNeedlessPrograms } from "../daemon_run.ts";
import { Teller } from "../daemon_words.ts";
import type { ActionContext } from "../define.ts";
import { interruption } from "../interrupt.ts";
import { notePause } from "../pause_words.ts";
import { openMeshBeside } from "../root_nodes.ts";
import { openGateway } from "./gateway.ts";
import type { StartFlags } from "./start.ts";

/**
 * Runs the gateway until it is asked to stop, or leaves it running in the background.
 *
 * @param context The terminal.
 * @param flags Where to listen.
 */
export default async function (context: ActionContext, flags: StartFlags): Promise<void> {
  if (flags.background) {
    const { startInBackground } = await import("./background.ts");
    await startInBackground(context, flags);
    return;
  }
  if (!flags.log) return await serve(context, flags, !Deno.stdout.isTerminal());
  const { loggedTo } = await import("./logged.ts");
  await loggedTo(context, flags, (logged) => serve(logged, flags, true));
}

/** Serves until it is asked to stop. What a log gets is dated: it is read later. */
async function serve(context: ActionContext, flags: StartFlags, dated: boolean): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const { root, store } = node.state;
  await startNoNeedlessPrograms(node.state);
  const mesh = await openMeshBeside(context, root);
  using stop = interruption();
  const teller = new Teller(terminal, { dated });
  const { host = node.config.host, port = node.config.daemonPort } = flags;
  const daemon = await startGateway(node, {
    host,
    port,
    mesh,
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
