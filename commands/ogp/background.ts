/**
 * The gateway of OGP in the background.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { GATEWAY, listRunning, type Running } from "../../lib/run/run_file.ts";
import { startInBackground } from "../background.ts";
import type { ActionContext } from "../define.ts";
import { localUrl } from "../../lib/net/local_url.ts";
import { logOf } from "../running_words.ts";
import { stateDirectory } from "../state_directory.ts";
import { openGateway } from "./gateway.ts";
import type { StartFlags } from "./start.ts";

/**
 * Starts the gateway and returns when it listens.
 *
 * @param context The terminal.
 * @param flags Where it is to listen.
 * @throws {MeshError} Why it does not run, as it said itself; `exists` if one runs elsewhere already.
 */
export async function startGatewayInBackground(
  context: ActionContext,
  flags: StartFlags,
): Promise<void> {
  const root = stateDirectory(flags, context.env);
  const there = (await listRunning(root)).find(({ name }) => name === GATEWAY);
  // What can be seen to be wrong is said here, where somebody is looking.
  const { host, port } = await configured(context, flags);
  if (there) {
    assertSame(there, { host, port });
    await report(context, there, { root, already: true });
    return;
  }
  const running = await startInBackground({
    root,
    name: GATEWAY,
    title: "The gateway",
    stop: "mesh ogp stop",
    args: argumentsFor(root, flags),
  });
  await report(context, running, { root, already: false });
}

async function configured(
  context: ActionContext,
  flags: StartFlags,
): Promise<{ host: string; port: number }> {
  using node = await openGateway(context, flags);
  const { host = node.config.host, port = node.config.daemonPort } = flags;
  return { host, port };
}

function assertSame(there: Running, wanted: { host: string; port: number }): void {
  if (there.host === wanted.host && (there.port === wanted.port || wanted.port === 0)) return;
  throw new MeshError(
    "exists",
    `The gateway runs already (process ${there.pid}), on ${there.host} port ${there.port}`,
    { hint: "mesh ogp stop, and then start it again" },
  );
}

function argumentsFor(root: string, { host, port }: StartFlags): string[] {
  return [
    ...["ogp", "start", "--log", "--state-dir", root],
    ...(host === undefined ? [] : ["--host", host]),
    ...(port === undefined ? [] : ["--port", String(port)]),
  ];
}

async function report(
  { terminal }: ActionContext,
  running: Running,
  { root, already }: { root: string; already: boolean },
): Promise<void> {
  const { pid, host, port, started_at } = running;
  const url = localUrl(host, port);
  const log = await logOf(root, running);
  terminal.document({ ok: true, already_running: already, pid, host, port, url, started_at, log });
  terminal.line(
    already
      ? `The gateway runs already: ${url} (process ${pid})`
      : `The gateway runs: ${url} (process ${pid})`,
  );
  if (terminal.json) return;
  terminal.note(`It writes to ${log}. To end it: mesh ogp stop`);
}
