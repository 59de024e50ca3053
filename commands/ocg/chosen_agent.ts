/**
 * The configuration with the agent that a command line names in place of the configured one.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { type ChatAccount, chatAccounts, DEFAULT_AGENT_URL } from "../../lib/ocg/accounts.ts";
import { checkOcgConfig } from "../../lib/ocg/config.ts";
import type { OcgConfig } from "../../lib/ocg/config_types.ts";
import type { ActionContext } from "../define.ts";

/** What the command line says. */
export interface AgentFlags {
  /** Another agent. */
  readonly agentUrl?: string;
  /** Another model. */
  readonly model?: string;
}

/**
 * What holds for a conversation that is not on any configured channel.
 *
 * @param config The configuration.
 * @param env The environment.
 * @param channel The channel's id; what the file says of it counts.
 * @param flags What the command line says.
 * @returns The account. The configured key goes to the configured agent's address only.
 * @throws {MeshError} `usage` for an agent that cannot be.
 */
export function chosenAccount(
  config: OcgConfig,
  env: ActionContext["env"],
  channel: string,
  { agentUrl, model }: AgentFlags,
): ChatAccount {
  const [configured] = accountsOf(config, env, channel, config.channels[channel] ?? {});
  const own = {
    ...config.channels[channel],
    ...(agentUrl === undefined ? {} : { agentUrl, agentType: "openai" as const }),
    ...(model === undefined ? {} : { model }),
  };
  judge(own);
  const [chosen] = accountsOf(config, env, channel, own);
  if (!chosen || !configured) throw new MeshError("unexpected", `Channel "${channel}" is empty`);
  const isConfigured = config.agentUrl ?? own.agentUrl ?? env("OCG_AGENT_URL");
  if (!isConfigured && chosen.agent.url === DEFAULT_AGENT_URL) {
    const only = onlyOne(config, env);
    if (only) {
      const { agent, async, historyTurns } = only;
      return { ...chosen, agent: { ...agent, model: model ?? agent.model }, async, historyTurns };
    }
  }
  if (originOf(chosen.agent.url) === originOf(configured.agent.url)) return chosen;
  return { ...chosen, agent: { ...chosen.agent, apiKey: undefined } };
}

/** Where no agent was configured for all, the one that all channels talk to. */
function onlyOne(config: OcgConfig, env: ActionContext["env"]): ChatAccount | undefined {
  const accounts = chatAccounts(config, env);
  const [first] = accounts;
  const kinds = new Set(accounts.map(({ agent, async }) => JSON.stringify([agent, async])));
  return kinds.size === 1 ? first : undefined;
}

function accountsOf(
  config: OcgConfig,
  env: ActionContext["env"],
  channel: string,
  values: OcgConfig["channels"][string],
): ChatAccount[] {
  const { accounts: _several, ...flat } = values;
  return chatAccounts({ ...config, channels: { [channel]: flat } }, env);
}

function judge(values: Record<string, unknown>): void {
  try {
    const { agentUrl, model } = values;
    checkOcgConfig({ agentUrl, model }, "the command line");
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new MeshError("usage", error.message.replace(/^.*?: "/, 'Cannot use this: "'), {
      cause: error,
    });
  }
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? url;
}
