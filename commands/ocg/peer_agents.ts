/**
 * A federated peer as the agent of a conversation in this process.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import type { ChatAgent } from "../../lib/ocg/chat_agent.ts";
import type { OcgConfig } from "../../lib/ocg/config_types.ts";
import { peerAgent } from "../../lib/ocg/peer_agent.ts";
import type { ActionContext } from "../define.ts";
import { agentParts } from "./agents.ts";
import { openNodes } from "./nodes.ts";

/** An agent, and how to let go of it. */
export interface PeerAgent {
  /** The agent. */
  readonly agent: ChatAgent;
  /** Ends the deliveries that it needed, and closes the gateway. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the root as a gateway of OGP, whose peer is the agent. What is asked is delivered as long as it is
 * open; what a daemon on the same root delivers meanwhile is not delivered twice.
 *
 * @param context The terminal, for warnings.
 * @param root The state directory.
 * @param config The configuration, for how long a reply may take.
 * @param url `ogp:<peer>/<topic>`.
 * @returns The agent.
 * @throws {MeshError} `config_invalid` if the URL names no peer, or the root is no gateway.
 */
export async function openPeerAgent(
  context: ActionContext,
  root: string,
  config: OcgConfig,
  url: string,
): Promise<PeerAgent> {
  const nodes = await openNodes(context, root);
  try {
    const { askPeer } = agentParts(nodes, config);
    if (!nodes?.ogp || !askPeer) {
      throw new MeshError("config_invalid", `"${url}" needs a gateway, and there is none here`, {
        hint: "mesh init, and then: mesh ogp setup",
      });
    }
    const agent = peerAgent(url, askPeer);
    const { rootOutbox } = await import("../../server/outbox.ts");
    const { Deliveries } = await import("../../server/deliveries.ts");
    // What goes wrong with a delivery shows in the answer that does not come.
    const deliveries = new Deliveries(rootOutbox(nodes), nodes, () => {});
    deliveries.start();
    return {
      agent,
      close: async () => {
        await deliveries.stop();
        nodes[Symbol.dispose]();
      },
    };
  } catch (error) {
    nodes?.[Symbol.dispose]();
    throw error;
  }
}
