/** What `mesh ogp expose stop` does. @module */
import { MeshError } from "../../lib/error.ts";
import { EXPOSE } from "../../lib/expose/exposed.ts";
import { ownKey } from "../../lib/ogp/card.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stateDirectory } from "../state_directory.ts";
import { assertLeadsTo } from "./expose_gateway.ts";
import { restore } from "./expose_publication.ts";
import { openGateway } from "./gateway.ts";
import { stopRunning } from "../stopping.ts";

/** Milliseconds that the tunnel gets to close. */
const PATIENCE = 15_000;

/**
 * Closes the tunnel of a state directory.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const { all, left: [stubborn] } = await stopRunning(root, EXPOSE, PATIENCE);
  if (stubborn) {
    throw new MeshError(
      "timeout",
      `The tunnel (process ${stubborn.pid}) did not close within ${PATIENCE / 1000} seconds`,
      { hint: `kill ${stubborn.pid}` },
    );
  }
  // A process that was killed has left this to us, and perhaps its tunnel, too.
  const restored = await restore(context, flags);
  using node = await openGateway(context, flags);
  const { gatewayUrl } = node.config;
  const outlived = restored && await leadsHere(restored.url, ownKey(node)) ? restored : undefined;
  terminal.document({
    ok: true,
    closed: all.map(({ pid }) => pid),
    gateway_url: gatewayUrl ?? null,
    ...(outlived ? { still_open: outlived.url, still_running: outlived.tunnelPid } : {}),
  });
  if (outlived) {
    const { url, method, tunnelPid } = outlived;
    terminal.warn(
      `${url} still leads here by ${method}, which nobody looks after: kill ${tunnelPid}`,
    );
  } else {
    const closed = all.length > 0 || restored !== undefined;
    terminal.line(closed ? "The tunnel is closed." : "No tunnel is open.");
  }
  if (all.length === 0 && !restored) return;
  terminal.line(
    gatewayUrl === undefined
      ? "No gateway URL is configured now, so peers are told none."
      : `The gateway URL is ${gatewayUrl} now.`,
  );
}

async function leadsHere(url: string, publicKey: string): Promise<boolean> {
  try {
    await assertLeadsTo(url, publicKey);
    return true;
  } catch {
    return false;
  }
}
