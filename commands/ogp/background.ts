/**
 * The gateway in the background: this program started once more, in a session of its own, with its output
 * in a log, and left alone as soon as it really listens.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { GATEWAY, listRunning, type Running } from "../../lib/run/run_file.ts";
import type { ActionContext } from "../define.ts";
import { stateDirectory } from "../state_directory.ts";
import { openGateway } from "./gateway.ts";
import { logPath, logSize, readLogFrom, whyItEnded } from "./gateway_log.ts";
import { type Detached, startItself } from "./itself.ts";
import type { StartFlags } from "./start.ts";
import { localUrl } from "../../lib/net/local_url.ts";

/** Milliseconds that the daemon gets until it listens. */
const PATIENCE = 20_000;

/** Milliseconds between looks whether it does. */
const LOOK_EVERY = 50;

/**
 * Starts the gateway and returns when it listens.
 *
 * @param context The terminal.
 * @param flags Where it is to listen.
 * @throws {MeshError} Why it does not run, as it said itself; `exists` if one runs elsewhere already.
 */
export async function startInBackground(context: ActionContext, flags: StartFlags): Promise<void> {
  const root = stateDirectory(flags, context.env);
  const there = (await listRunning(root)).find(({ name }) => name === GATEWAY);
  // What can be seen to be wrong is said here, where somebody is looking.
  const { host, port } = await configured(context, flags);
  if (there) {
    assertSame(there, { host, port });
    report(context, there, { root, already: true });
    return;
  }
  const log = logPath(root);
  const size = await logSize(root);
  const child = startItself(argumentsFor(root, flags));
  const running = await untilItListens(root, child);
  if (!running) {
    if (child.exitCode === undefined) {
      throw new MeshError(
        "timeout",
        `The gateway (process ${child.pid}) does not listen after ${PATIENCE / 1000} seconds`,
        { hint: `look at ${log}, or: mesh ogp stop` },
      );
    }
    throw whyItEnded(child.exitCode, await readLogFrom(root, size), log);
  }
  report(context, running, { root, already: false });
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

/** The daemon as it announced itself, or `undefined` if it ended or takes too long. */
async function untilItListens(root: string, child: Detached): Promise<Running | undefined> {
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    const ended = child.exitCode !== undefined;
    const running = (await listRunning(root)).find(({ name, pid }) =>
      name === GATEWAY && pid === child.pid
    );
    if (running) return running;
    if (ended) return undefined;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  return undefined;
}

function report(
  { terminal }: ActionContext,
  { pid, host, port, started_at }: Running,
  { root, already }: { root: string; already: boolean },
): void {
  const url = localUrl(host, port);
  const log = logPath(root);
  terminal.document({ ok: true, already_running: already, pid, host, port, url, started_at, log });
  terminal.line(
    already
      ? `The gateway runs already: ${url} (process ${pid})`
      : `The gateway runs: ${url} (process ${pid})`,
  );
  if (terminal.json) return;
  terminal.note(`It writes to ${log}. To end it: mesh ogp stop`);
}
