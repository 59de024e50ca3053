/**
 * A root's chat channels, opened to be run: by `mesh ocg start` alone, or by `mesh up` beside the rest.
 *
 * @module
 */
import { type ChatAccount, chatAccounts } from "../../lib/ocg/accounts.ts";
import { callbackHostOf } from "../../lib/ocg/callback_address.ts";
import type { LoadedConfig } from "../../lib/ocg/config_file.ts";
import { type OcgState, openOcgState } from "../../lib/ocg/state.ts";
import { OcgConfigFile } from "../../server/ocg_config.ts";
import type { OcgPartsOptions } from "../../server/ocg_parts.ts";
import { startNoNeedlessPrograms } from "../daemon_run.ts";
import type { ActionContext } from "../define.ts";
import { damageReporter } from "../state_directory.ts";
import { agentParts, findPlugins } from "./agents.ts";
import { needsPrograms, type OpenNodes } from "./nodes.ts";

/** Channels that are ready to be run. */
export interface OpenChannels extends Disposable {
  /** The configuration. */
  readonly loaded: LoadedConfig;
  /** Its accounts. */
  readonly accounts: readonly ChatAccount[];
  /** The address to take callbacks at, unless somebody says otherwise. */
  readonly host: string;
  /** The state. */
  readonly state: OcgState;
  /** What the parts of a daemon are made with. */
  readonly options: Omit<OcgPartsOptions, "tell">;
}

/**
 * Opens the channels of a root, with warnings for what is odd about their configuration.
 *
 * @param context Terminal and environment.
 * @param root The state directory.
 * @param nodes Its nodes, if it has an identity.
 * @returns The channels; `using` closes them.
 * @throws {MeshError} `config_invalid` or `io`.
 */
export async function openChannels(
  context: ActionContext,
  root: string,
  nodes: OpenNodes | undefined,
): Promise<OpenChannels> {
  const { env, terminal } = context;
  const file = new OcgConfigFile(root, env);
  const loaded = await file.read();
  for (const warning of loaded.warnings) terminal.warn(warning);
  const accounts = chatAccounts(loaded.config, env);
  await startNoNeedlessPrograms(nodes?.ogp?.state, await needsPrograms(root, accounts));
  const state = openOcgState(root, { onDamage: damageReporter(context) });
  const agents = agentParts(nodes, loaded.config);
  const plugins = findPlugins(root, env);
  return {
    loaded,
    accounts,
    host: callbackHostOf(loaded.config, accounts),
    state,
    options: { state, env, file, loaded, agents, plugins },
    [Symbol.dispose]: () => state[Symbol.dispose](),
  };
}
