/**
 * The channels in the background.
 *
 * @module
 */
import { MeshError, messageOf } from "../../lib/error.ts";
import { localUrl } from "../../lib/net/local_url.ts";
import { ocgOrder } from "../../lib/ocg/order_client.ts";
import type { StatusAnswer } from "../../lib/ocg/orders.ts";
import { listRunning, OCG, type Running } from "../../lib/run/run_file.ts";
import { OcgConfigFile } from "../../server/ocg_config.ts";
import { startInBackground } from "../background.ts";
import type { ActionContext } from "../define.ts";
import { logOf } from "../running_words.ts";
import { stateDirectory } from "../state_directory.ts";
import { accountDocument, sayAccounts } from "./channels/account_words.ts";
import { settledAccounts } from "./channels/accounts.ts";
import { listenArguments } from "./listen_arguments.ts";
import type { ListenFlags } from "./start.ts";

/**
 * Starts the channels and returns when the gateway listens.
 *
 * @param context The terminal.
 * @param flags Where callbacks are taken.
 * @param args The same as a command line; by default what the flags say.
 * @throws {MeshError} Why it does not run, as it said itself; `exists` if it runs elsewhere already.
 */
export async function startChannelsInBackground(
  context: ActionContext,
  flags: ListenFlags,
  args: readonly string[] = listenArguments(flags),
): Promise<void> {
  const root = stateDirectory(flags, context.env);
  // What can be seen to be wrong is said here, where somebody is looking.
  const { warnings } = await new OcgConfigFile(root, context.env).read();
  for (const warning of warnings) context.terminal.warn(warning);
  const there = (await listRunning(root)).find(({ name }) => name === OCG);
  if (there) {
    assertSame(there, flags);
    return await report(context, there, { root, already: true });
  }
  const running = await startInBackground({
    root,
    name: OCG,
    title: "The channel gateway",
    stop: "mesh ocg stop",
    args: ["ocg", "start", "--log", "--state-dir", root, ...args],
  });
  await report(context, running, { root, already: false });
}

function assertSame(there: Running, { host = there.host, port = there.port }: ListenFlags): void {
  if (there.host === host && (there.port === port || port === 0)) return;
  throw new MeshError(
    "exists",
    `The channel gateway runs already (process ${there.pid}), on ${there.host} port ${there.port}`,
    { hint: "mesh ocg stop, and then start it again" },
  );
}

async function report(
  context: ActionContext,
  running: Running,
  { root, already }: { root: string; already: boolean },
): Promise<void> {
  const { terminal } = context;
  const { pid, host, port, started_at } = running;
  const url = localUrl(host, port);
  const log = await logOf(root, running);
  const { accounts, webchat } = await channelsOf(context, root);
  terminal.document({
    ok: true,
    already_running: already,
    pid,
    host,
    port,
    url,
    started_at,
    log,
    channels: accounts.map(accountDocument),
    webchat_url: webchat?.url ?? null,
  });
  const runs = already ? "runs already" : "runs";
  terminal.line(`The channel gateway ${runs}: ${url} (process ${pid})`);
  sayAccounts(terminal, accounts);
  if (webchat) terminal.line(`To chat with the agent, open: ${webchat.url}`);
  if (!terminal.json) terminal.note(`It writes to ${log}. To end it: mesh ocg stop`);
}

/** How the channels are once they have connected or failed; a gateway that does not say so runs all the same. */
async function channelsOf({ terminal }: ActionContext, root: string): Promise<StatusAnswer> {
  try {
    const accounts = await settledAccounts(root);
    const { webchat } = await ocgOrder(root, { do: "status" });
    return { accounts, webchat };
  } catch (error) {
    terminal.warn(messageOf(error));
    return { accounts: [] };
  }
}
