/**
 * A tunnel in the background: this program started once more, and left alone as soon as the URL has been
 * proven.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { EXPOSE, type Exposed, readExposed } from "../../lib/expose/exposed.ts";
import { findTunnelProgram } from "../../lib/expose/programs.ts";
import { ogpConfig } from "../../lib/ogp/config.ts";
import { listRunning } from "../../lib/run/run_file.ts";
import { logPath } from "../../lib/log/log_path.ts";
import type { ActionContext } from "../define.ts";
import { stateDirectory } from "../state_directory.ts";
import type { ExposeFlags } from "./expose.ts";
import { findLocalGateway } from "./expose_gateway.ts";
import { openGatewayState } from "./gateway.ts";
import { logSize, readLogFrom, whyItEnded } from "../daemon_log.ts";
import { type Detached, startItself } from "../itself.ts";

/** Milliseconds until the URL works: what the tunnel gets in the foreground, the owner's time included. */
const PATIENCE = 510_000;

/** Milliseconds between looks whether it does. */
const LOOK_EVERY = 100;

/**
 * Opens a tunnel and returns when its URL leads here.
 *
 * @param context The terminal.
 * @param flags By which program.
 * @throws {MeshError} Why it is not open, as the process said itself; `exists` if another one is.
 */
export async function exposeInBackground(
  context: ActionContext,
  flags: ExposeFlags,
): Promise<void> {
  const root = stateDirectory(flags, context.env);
  const { method } = flags;
  const there = (await listRunning(root)).find(({ name }) => name === EXPOSE);
  // What can be seen to be wrong is said here, where somebody is looking.
  await findLocalGateway(context, flags);
  await findTunnelProgram(method);
  if (there) return await reportThere(context, flags, there.pid);
  const log = logPath(root, EXPOSE);
  const size = await logSize(root, EXPOSE);
  const args = ["ogp", "expose", "start", "--log", "--method", method, "--state-dir", root];
  const child = await startItself(args);
  const exposed = await untilItIsOpen(context, flags, { child, size });
  if (exposed) return report(context, exposed, { log, already: false });
  if (child.exitCode === undefined) {
    throw new MeshError("timeout", `The tunnel (process ${child.pid}) is not open yet`, {
      hint: `look at ${log}, or: mesh ogp expose stop`,
    });
  }
  const said = await readLogFrom(root, size, EXPOSE);
  throw whyItEnded(child.exitCode, said, log, "The tunnel was not opened");
}

async function reportThere(context: ActionContext, flags: ExposeFlags, pid: number): Promise<void> {
  const { root, store } = openGatewayState(context, flags);
  const exposed = await readExposed(store);
  if (exposed?.pid === pid && exposed.method === flags.method) {
    return report(context, exposed, { log: logPath(root, EXPOSE), already: true });
  }
  throw new MeshError("exists", `A tunnel is open already (process ${pid})`, {
    hint: "mesh ogp expose status, or: mesh ogp expose stop",
  });
}

/** The record that the process writes, or `undefined` if it ended or takes too long. */
async function untilItIsOpen(
  context: ActionContext,
  flags: ExposeFlags,
  { child, size }: { child: Detached; size: number },
): Promise<Exposed | undefined> {
  const { root, store } = openGatewayState(context, flags);
  const { terminal } = context;
  const deadline = performance.now() + PATIENCE;
  let heard = "";
  if (terminal.interactive) terminal.progress(`waiting for ${flags.method} …`);
  while (performance.now() < deadline) {
    const ended = child.exitCode !== undefined;
    const exposed = await readExposed(store);
    // The record comes first, so that a crash can be mended; then the configuration.
    const isOpen = exposed?.pid === child.pid &&
      (await ogpConfig(store).read()).gatewayUrl === exposed.url;
    if (isOpen) return exposed;
    if (ended) return undefined;
    // The tunnel's service may want something of the owner.
    const said = await readLogFrom(root, size, EXPOSE);
    const news = said.slice(heard.length, said.lastIndexOf("\n") + 1);
    if (news !== "" && !/^(?:mesh|hint): /m.test(news)) terminal.note(news.trimEnd());
    heard += news;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  return undefined;
}

function report(
  { terminal }: ActionContext,
  { url, method, pid, since }: Exposed,
  { log, already }: { log: string; already: boolean },
): void {
  terminal.document({ ok: true, already_open: already, url, method, pid, since, log });
  const still = already ? " already" : "";
  terminal.line(`${url} leads to this gateway${still} (${method}, process ${pid})`);
  if (!terminal.json) terminal.note(`It writes to ${log}. To close it: mesh ogp expose stop`);
}
