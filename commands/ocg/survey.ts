/**
 * What there is to see of the channels: out of the gateway that runs, and where none does or it does not
 * answer, out of the configuration and the disk.
 *
 * @module
 */
import { messageOf } from "../../lib/error.ts";
import { type ChatAccount, chatAccounts, isVerbose } from "../../lib/ocg/accounts.ts";
import { callbackBase } from "../../lib/ocg/callback_address.ts";
import type { LoadedConfig } from "../../lib/ocg/config_file.ts";
import { ocgDaemons, ocgOrder } from "../../lib/ocg/order_client.ts";
import type { StatusAnswer } from "../../lib/ocg/orders.ts";
import { listPairings } from "../../lib/ocg/pairing.ts";
import { shownUrl } from "../../lib/ocg/shown_url.ts";
import { type OcgState, openOcgState } from "../../lib/ocg/state.ts";
import type { Running } from "../../lib/run/run_file.ts";
import { OcgConfigFile } from "../../server/ocg_config.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { damageReporter, stateDirectory } from "../state_directory.ts";
import { nameOf, type SeenAccount } from "./channels/accounts.ts";

/** An account on the page. */
export type SurveyedAccount = SeenAccount & {
  /** Whether its answers come by callback. */
  readonly isAsync: boolean;
};

/** Everything on the page. */
export interface OcgSurvey {
  /** The state directory. */
  readonly root: string;
  /** The configuration. */
  readonly loaded: LoadedConfig;
  /** What runs. */
  readonly daemons: readonly Running[];
  /** Why what runs does not answer. */
  readonly silence?: string | undefined;
  /** The accounts; those that do not run are stopped. */
  readonly accounts: readonly SurveyedAccount[];
  /** The link to the page to chat on, if it is served. */
  readonly webchat?: string | undefined;
  /** How many people wait to be let in. */
  readonly asking: number;
  /** How many answers by callback are awaited. */
  readonly callbacks: number;
  /** What the URL of a callback begins with. */
  readonly callbackUrl: string;
  /** Whether the log tells what is said. */
  readonly verbose: boolean;
}

/** Milliseconds that a gateway gets to say how it is. */
const PATIENCE = 10_000;

/**
 * Looks at everything.
 *
 * @param context The terminal, for warnings.
 * @param flags The state directory.
 * @returns The page.
 * @throws {MeshError} `config_invalid` or `io`.
 */
export async function surveyChannels(
  context: ActionContext,
  flags: CommonFlags,
): Promise<OcgSurvey> {
  const { env, terminal } = context;
  const root = stateDirectory(flags, env);
  const loaded = await new OcgConfigFile(root, env).read();
  for (const warning of loaded.warnings) terminal.warn(warning);
  const { config } = loaded;
  const configured = chatAccounts(config, env);
  using state = openOcgState(root, { onDamage: damageReporter(context) });
  const daemons = await ocgDaemons(root);
  const { answer, silence } = await asked(root, daemons);
  const waiting = await waitingByAccount(state);
  const pairings = await listPairings(state, new Date());
  return {
    root,
    loaded,
    daemons,
    silence,
    accounts: accountsOf(configured, answer, waiting),
    webchat: answer?.webchat?.url,
    asking: pairings.filter(({ status }) => status === "pending").length,
    callbacks: (await state.callbacks.ids()).length,
    callbackUrl: `${callbackBase(config, configured, daemons[0]?.port)}/ocg/callback/`,
    verbose: isVerbose(config, env),
  };
}

async function asked(
  root: string,
  daemons: readonly Running[],
): Promise<{ answer?: StatusAnswer; silence?: string }> {
  if (daemons.length === 0) return {};
  try {
    return { answer: await ocgOrder(root, { do: "status" }, { patienceMs: PATIENCE }) };
  } catch (error) {
    return { silence: messageOf(error) };
  }
}

/** What the gateway says, and of what it does not know, what the file says. */
function accountsOf(
  configured: readonly ChatAccount[],
  answer: StatusAnswer | undefined,
  waiting: ReadonlyMap<string, number>,
): SurveyedAccount[] {
  const known = new Map(answer?.accounts.map((one) => [nameOf(one), one]));
  const accounts = configured.map((one): SurveyedAccount => {
    const name = nameOf(one);
    const { channel, account, enabled, agent: { type, url, model }, async: isAsync } = one;
    const report = known.get(name);
    known.delete(name);
    if (report) return { ...report, isAsync };
    const agent = { type, url: shownUrl(url), model };
    const status = { state: "stopped", since: new Date(0).toISOString() } as const;
    return { channel, account, enabled, agent, status, waiting: waiting.get(name) ?? 0, isAsync };
  });
  return [...accounts, ...known.values().map((one) => ({ ...one, isAsync: false }))];
}

async function waitingByAccount({ waiting }: OcgState): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { value } of (await waiting.list()).entries) {
    const name = nameOf(value);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
