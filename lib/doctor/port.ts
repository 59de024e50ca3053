/**
 * Whether a daemon runs on this state directory and answers with this node's key, and, if none runs,
 * whether it could.
 *
 * @module
 */
import { parsePublicKeyPem } from "../identity/keys.ts";
import { DEFAULT_PORT } from "../mesh/protocol.ts";
import { probe, type ProbeResult } from "../mesh/scan/probe.ts";
import { localUrl } from "../net/local_url.ts";
import { type Running, UP } from "../run/run_file.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { targetOf } from "./peer_answers.ts";
import { continued } from "./words.ts";

/** How a probe fails where nothing listens, or where this machine cannot tell. */
const FREE: readonly string[] = ["refused", "unreachable", "unknown_host", "local"];

/** Looks for daemons. */
export const port: Check = {
  name: "port",
  async run(context, signal) {
    // Gateways of OGP have ports of their own, which do not answer as a mesh does.
    const running = (await context.running()).filter(({ name }) => name === "serve");
    if (running.length === 0) {
      return await context.onlyChannels() ? [] : await couldRun(context, signal);
    }
    return await Promise.all(running.map((daemon) => daemonVerdict(context, daemon, signal)));
  },
};

/**
 * The port that `mesh serve` has to listen on for others to find this node.
 *
 * @param endpoint The node's endpoint, if it has one.
 * @returns The port that the endpoint names, if that leads straight to the daemon; else the default.
 */
export function servedPort(endpoint: string | undefined): number {
  const url = URL.parse(endpoint ?? "");
  // https, a name or a path is somebody else's, who passes requests on to a port that we do not know.
  const direct = url?.protocol === "http:" && url.port !== "" && url.pathname === "/";
  return direct ? Number(url.port) : DEFAULT_PORT;
}

/**
 * The command that starts the daemon.
 *
 * @param context The node.
 * @param port Where it has to listen.
 * @returns The command line.
 */
export function serveCommand(context: DoctorContext, port: number): string {
  return context.command(port === DEFAULT_PORT ? "serve" : `serve --port ${port}`);
}

/**
 * Whether a process is one of `mesh up`.
 *
 * @param context The node.
 * @param pid The process.
 * @returns Whether it is.
 */
export async function runsEverything(context: DoctorContext, pid: number): Promise<boolean> {
  return (await context.running()).some((one) => one.name === UP && one.pid === pid);
}

/**
 * The commands that start a process of `mesh up` again: it is not ended for one surface alone.
 *
 * @param context The node.
 * @returns The command line.
 */
export function restartOfAll(context: DoctorContext): string {
  return `${context.command("stop")}; ${context.command("up --background")}`;
}

async function daemonVerdict(
  context: DoctorContext,
  { pid, host, port }: Running,
  signal: AbortSignal,
): Promise<Verdict> {
  const url = localUrl(host, port);
  const isUp = await runsEverything(context, pid);
  const where = `${isUp ? "mesh up" : "mesh serve"} (process ${pid}) on ${host} port ${port}`;
  const restart = isUp ? restartOfAll(context) : `kill ${pid}; ${serveCommand(context, port)}`;
  const result = await ask(context, url, signal);
  if (!result.ok) return failure(`${where} does not answer: ${continued(result.error)}`, restart);
  if (await isSelf(context, result) === false) {
    return failure(
      `${where} answers with another key: it was started before this identity was made`,
      restart,
    );
  }
  return ok(`${where} answers`);
}

async function couldRun(context: DoctorContext, signal: AbortSignal): Promise<Verdict> {
  const { endpoint } = await context.identity().catch(() => ({ endpoint: undefined }));
  const port = servedPort(endpoint);
  const serve = serveCommand(context, port);
  const result = await ask(context, localUrl("127.0.0.1", port), signal);
  if (!result.ok && FREE.includes(result.kind)) {
    return warning("mesh serve does not run, so nothing is received and nothing is retried", serve);
  }
  const self = result.ok && await isSelf(context, result);
  if (self) {
    return warning(
      `Another program answers for this node on port ${port}; nothing is retried while mesh serve does not run`,
      context.command("queue retry"),
    );
  }
  const who = result.ok ? `the mesh node "${result.card.agent_id}"` : "another program";
  return failure(
    `mesh serve does not run, and ${who} has port ${port}; the endpoint has to name the port that you take instead`,
    context.command(`serve --port ${port + 1}`),
  );
}

/** Whether an answer carries this node's key; `undefined` if there is no identity to compare with. */
async function isSelf(context: DoctorContext, result: ProbeResult): Promise<boolean | undefined> {
  const self = await context.identity().catch(() => undefined);
  if (!self || !result.ok) return undefined;
  return parsePublicKeyPem(result.card.public_key).hex === parsePublicKeyPem(self.public_key).hex;
}

function ask(context: DoctorContext, url: string, signal: AbortSignal): Promise<ProbeResult> {
  return probe(targetOf(url), { timeoutMs: context.probeMs, signal });
}
