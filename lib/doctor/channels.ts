/**
 * Whether the chat channels run, their tokens are good, and somebody listens where their questions go.
 *
 * @module
 */
import { codeOf, messageOf } from "../error.ts";
import { openTarget } from "../notify/open_target.ts";
import { type ChatAccount, chatAccounts } from "../ocg/accounts.ts";
import { checkToken } from "../ocg/channels/check_token.ts";
import { type LoadedConfig, readOcgConfig } from "../ocg/config_file.ts";
import { ocgDaemons, ocgOrder } from "../ocg/order_client.ts";
import type { AccountReport } from "../ocg/orders.ts";
import { listPairings } from "../ocg/pairing.ts";
import { shownUrl } from "../ocg/shown_url.ts";
import { openOcgState } from "../ocg/state.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { continued } from "./words.ts";

/** Milliseconds that the gateway gets to say how its channels are. */
const PATIENCE = 4_000;

/** Looks at the channels, where some are configured or run. */
export const channels: Check = {
  name: "channels",
  async run(context, signal) {
    const { root } = context.state;
    let loaded: LoadedConfig;
    try {
      loaded = await readOcgConfig(root, context.env);
    } catch (error) {
      return failure(messageOf(error), "mend ocg.json");
    }
    const running = (await ocgDaemons(root)).length > 0;
    if (!loaded.exists && !running) return [];
    const accounts = chatAccounts(loaded.config, context.env).filter(({ enabled }) => enabled);
    const parts = await Promise.all([
      running ? reported(context, signal) : notRunning(context, accounts.length),
      Promise.all(accounts.map((account) => tokenVerdict(context, account))),
      agentVerdicts(context, accounts, signal),
      askingVerdicts(context),
    ]);
    return [...loaded.warnings.map((one) => warning(one)), ...parts.flat(2)];
  },
};

async function reported(context: DoctorContext, signal: AbortSignal): Promise<Verdict[]> {
  try {
    const options = { patienceMs: PATIENCE, signal };
    const { accounts } = await ocgOrder(context.state.root, { do: "status" }, options);
    return accounts.filter(({ enabled, status }) => enabled || status.state !== "stopped")
      .map((account) => stateVerdict(context, account));
  } catch (error) {
    const fix = context.command("ocg restart");
    return [warning(`The channel gateway does not say how it is: ${messageOf(error)}`, fix)];
  }
}

function stateVerdict(
  { command }: DoctorContext,
  { channel, account, status: { state, self, error } }: AccountReport,
): Verdict {
  const name = nameOf({ channel, account });
  const restart = command(`ocg channels restart --channel ${channel} --account ${account}`);
  const why = error === undefined ? "" : `: ${continued(error)}`;
  if (state === "running") return ok(`${name} runs${self === undefined ? "" : ` as ${self}`}`);
  if (state === "connecting") return warning(`${name} is connecting${why}`);
  return failure(`${name} does not run${why}`, restart);
}

function notRunning({ command }: DoctorContext, accounts: number): Verdict[] {
  if (accounts === 0) return [];
  return [warning("No chat channel runs", command("ocg start --background"))];
}

async function tokenVerdict(
  { command }: DoctorContext,
  { channel, account, settings }: ChatAccount,
): Promise<Verdict[]> {
  const name = nameOf({ channel, account });
  try {
    const self = await checkToken(channel, settings);
    return self === undefined ? [] : [ok(`The token of ${name} is good: it is ${self}`)];
  } catch (error) {
    const sentence = `The token of ${name} was not confirmed: ${continued(messageOf(error))}`;
    if (codeOf(error) !== "refused") return [warning(sentence)];
    const flags = `--channel ${channel} --account ${account} --token - --force`;
    return [failure(sentence, command(`ocg channels add ${flags}`))];
  }
}

/** Each agent is asked once, however many chats it answers. */
async function agentVerdicts(
  { command }: DoctorContext,
  accounts: readonly ChatAccount[],
  signal: AbortSignal,
): Promise<Verdict[]> {
  const agents = new Map(
    accounts.filter(({ agent }) => agent.type === "openai")
      .map(({ agent }) => [`${agent.url} ${agent.apiKey ?? ""}`, agent]),
  );
  return await Promise.all([...agents.values()].map(async ({ url, model, apiKey }) => {
    const who = `The chats' agent at ${shownUrl(url)}`;
    try {
      const target = await openTarget({
        type: "agent",
        url,
        model,
        apiKey,
        stream: false,
        timeoutMs: PATIENCE,
        idleTimeoutMs: PATIENCE,
      });
      const checked = await target.check?.({ signal });
      if (checked?.ok) return ok(`${who} answers`);
      return warning(
        `${who}: ${continued(checked?.detail ?? "nothing is known")}`,
        command("ocg test"),
      );
    } catch (error) {
      return warning(`${who}: ${continued(messageOf(error))}`, command("ocg test"));
    }
  }));
}

async function askingVerdicts(context: DoctorContext): Promise<Verdict[]> {
  using state = openOcgState(context.state.root);
  const asking = (await listPairings(state, context.now()))
    .filter(({ status }) => status === "pending");
  if (asking.length === 0) return [];
  const wait = asking.length === 1 ? "1 person waits" : `${asking.length} people wait`;
  return [ok(`${wait} to be let in`, context.command("ocg channels people"))];
}

function nameOf({ channel, account }: { channel: string; account: string }): string {
  return account === "default" ? channel : `${channel}/${account}`;
}
