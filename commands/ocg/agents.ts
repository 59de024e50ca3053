/**
 * What agents that are no URL, and channels that are not built in, are made with; all of it is loaded when it
 * is needed.
 *
 * @module
 */
import type { Environment } from "../../lib/ocg/config_file.ts";
import type { OcgConfig } from "../../lib/ocg/config_types.ts";
import type { AskPeer } from "../../lib/ocg/peer_agent.ts";
import type { FindPlugins, OcgPartsOptions } from "../../server/ocg_parts.ts";
import type { OpenNodes } from "./nodes.ts";

/**
 * How agents are made that are programs or federated peers.
 *
 * @param nodes The nodes of the root; only a gateway of OGP has peers.
 * @param config How long they may take.
 * @returns What the gateway works with.
 */
export function agentParts(
  nodes: OpenNodes | undefined,
  config?: Pick<OcgConfig, "timeoutMs">,
): NonNullable<OcgPartsOptions["agents"]> {
  return {
    askPeer: asking(nodes, config),
    acpAgent: async (config, account) => {
      const { acpAgent } = await import("../../lib/ocg/acp/agent.ts");
      return acpAgent(config, account);
    },
  };
}

function asking(
  nodes: OpenNodes | undefined,
  config: Pick<OcgConfig, "timeoutMs"> | undefined,
): AskPeer | undefined {
  const ogp = nodes?.ogp;
  if (!ogp) return undefined;
  let ask: Promise<AskPeer> | undefined;
  const load = async () => {
    const [{ askPeerOf }, { rootOutbox }] = await Promise.all([
      import("../../server/ocg_peers.ts"),
      import("../../server/outbox.ts"),
    ]);
    return askPeerOf({ ogp, outbox: rootOutbox(nodes), timeoutMs: config?.timeoutMs });
  };
  return async (question) => await (await (ask ??= load()))(question);
}

/**
 * How the channels that plugins bring are found.
 *
 * @param root The state directory.
 * @param env The environment.
 * @returns Finds them.
 */
export function findPlugins(root: string, env: Environment): FindPlugins {
  return async (onLine) => {
    const { pluginFactories } = await import("../../lib/ocg/plugins/registry.ts");
    return await pluginFactories(root, { env, onEvent: onLine });
  };
}
