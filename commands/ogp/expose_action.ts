/** What `mesh ogp expose` does in the foreground. @module */
import { MeshError } from "../../lib/error.ts";
import { EXPOSE } from "../../lib/expose/exposed.ts";
import { keepOpen } from "../../lib/expose/keep_open.ts";
import { findTunnelProgram, PROGRAMS } from "../../lib/expose/programs.ts";
import { announce, listRunning, type Running } from "../../lib/run/run_file.ts";
import { clearStopRequest, stopRequested } from "../../lib/run/stop_request.ts";
import type { ActionContext } from "../define.ts";
import { interruption } from "../interrupt.ts";
import { stateDirectory } from "../state_directory.ts";
import type { ExposeFlags } from "./expose.ts";
import { assertLeadsTo, findLocalGateway, isServing, type LocalGateway } from "./expose_gateway.ts";
import { type Publication, publish, restore } from "./expose_publication.ts";
import { ExposeTeller } from "./expose_words.ts";

/**
 * Exposes the gateway until it is asked to stop, or leaves the tunnel open in the background.
 *
 * @param context The terminal.
 * @param flags By which program.
 */
export default async function (context: ActionContext, flags: ExposeFlags): Promise<void> {
  if (flags.background) {
    const { exposeInBackground } = await import("./expose_background.ts");
    return await exposeInBackground(context, flags);
  }
  if (!flags.log) return await expose(context, flags);
  const { loggedTo } = await import("../logged.ts");
  await loggedTo(context, flags, EXPOSE, (logged) => expose(logged, flags));
}

async function expose(context: ActionContext, flags: ExposeFlags): Promise<void> {
  const root = stateDirectory(flags, context.env);
  const gateway = await findLocalGateway(context, flags);
  const path = await findTunnelProgram(flags.method);
  using interrupt = interruption();
  const running = runningAs(gateway);
  const withdraw = await announceAlone(root, running);
  const stop = new AbortController();
  const asked = stopRequested(root, running, AbortSignal.any([interrupt.signal, stop.signal]));
  asked.then(() => stop.abort());
  try {
    await keepExposed(context, flags, { root, gateway, path, signal: stop.signal });
  } finally {
    stop.abort();
    await asked;
    await restore(context, flags);
    await clearStopRequest(root, running);
    await withdraw();
  }
}

interface Exposure {
  readonly root: string;
  readonly gateway: LocalGateway;
  readonly path: string;
  readonly signal: AbortSignal;
}

async function keepExposed(
  context: ActionContext,
  flags: ExposeFlags,
  { root, gateway, path, signal }: Exposure,
): Promise<void> {
  const { terminal } = context;
  const { method } = flags;
  const teller = new ExposeTeller(terminal, method, flags.log);
  let publication: Publication | undefined;
  if (terminal.interactive) terminal.progress(`waiting for ${method} …`);
  await keepOpen({
    program: PROGRAMS[method],
    path,
    target: gateway.url,
    emptyFile: await emptyFile(root),
    look: (url, interrupt) => assertLeadsTo(url, gateway.publicKey, interrupt),
    isServing: () => isServing(gateway),
    publish: async (url, pid) => {
      publication = await publish(context, flags, { method, pid, url });
    },
    onEvent: (event) => {
      teller.tell(event, publication);
      if (event.kind === "open" && !event.again && !terminal.json && !flags.log) {
        terminal.note("Ctrl-C closes the tunnel; so does: mesh ogp expose stop");
      }
    },
    signal,
  });
}

function runningAs({ host, port }: LocalGateway): Running {
  return { pid: Deno.pid, name: EXPOSE, host, port, started_at: new Date().toISOString() };
}

/** Two tunnels of one gateway would take turns in the configuration. */
async function announceAlone(root: string, running: Running): Promise<() => Promise<void>> {
  const withdraw = await announce(root, running);
  const other = (await listRunning(root)).find(({ name, pid, started_at }) =>
    name === EXPOSE && !(pid === running.pid && started_at === running.started_at)
  );
  if (!other) return withdraw;
  await withdraw();
  throw new MeshError("exists", `A tunnel is open already (process ${other.pid})`, {
    hint: "mesh ogp expose status, or: mesh ogp expose stop",
  });
}

async function emptyFile(root: string): Promise<string> {
  const path = `${root}/run/no-rules.yml`;
  await Deno.writeTextFile(path, "{}\n", { mode: 0o600 });
  return path;
}
