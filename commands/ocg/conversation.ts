/**
 * One conversation with an agent through the whole dispatch, right in this process: no daemon is needed, and
 * nothing of it stays on the disk.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import type { AgentChoice, ChatAccount } from "../../lib/ocg/accounts.ts";
import { callbackHostOf } from "../../lib/ocg/callback_address.ts";
import type { Channel } from "../../lib/ocg/channel.ts";
import { type ChatAgent, httpAgent } from "../../lib/ocg/chat_agent.ts";
import type { ChannelConfig, OcgConfig } from "../../lib/ocg/config_types.ts";
import type { OnOcgEvent } from "../../lib/ocg/event.ts";
import { OcgGateway } from "../../lib/ocg/gateway.ts";
import { isServiceUrl } from "../../lib/ocg/service_url.ts";
import { openOcgState } from "../../lib/ocg/state.ts";
import type { Listening } from "../../server/listen.ts";
import type { ActionContext } from "../define.ts";
import { agentParts } from "./agents.ts";
import { openPeerAgent } from "./peer_agents.ts";

/** What a conversation is made of. */
export interface ConversationOptions {
  /** Terminal and environment, for agents that are federated peers. */
  readonly context: ActionContext;
  /** The state directory, for the same. */
  readonly root: string;
  /** The configuration. */
  readonly config: OcgConfig;
  /** What holds for it; its channel and name are the channel's. */
  readonly account: ChatAccount;
  /** Where it takes place. */
  readonly channel: Channel;
  /** Told of what happens. */
  readonly onEvent?: OnOcgEvent;
  /** Told of each piece of an answer as it comes from the agent. */
  readonly onPiece?: () => void;
  /** Told why the agent gave no answer. */
  readonly onFailure?: (error: unknown) => void;
}

/** A conversation under way. Dispose of it: it ends, and what it kept is removed. */
export interface Conversation extends AsyncDisposable {
  /** How many messages wait or are worked at; answers by callback are not counted. */
  readonly waiting: number;
}

/** Milliseconds that callbacks under way get at the end; an agent whose call breaks off believes it failed. */
const GRACE = 5_000;

/**
 * Begins a conversation.
 *
 * @param options What it is made of.
 * @returns The conversation; its channel has started.
 * @throws {MeshError} `config_invalid` if the agent cannot be used, `port_in_use` if a gateway has the port
 * that answers by callback come to.
 */
export async function converse(options: ConversationOptions): Promise<Conversation> {
  const { config, account, channel, onEvent } = options;
  await using things = new AsyncDisposableStack();
  const { agent, ...opened } = await openAgent(options);
  things.defer(() => opened.close?.());
  const folder = await Deno.makeTempDir({ prefix: "mesh-ocg-" });
  things.defer(() => Deno.remove(folder, { recursive: true }));
  const state = things.use(openOcgState(folder));
  let callbacks: Listening | undefined;
  const gateway = new OcgGateway({
    state,
    config: alone(config, account, channel),
    // What the environment says is in the account already.
    env: () => undefined,
    factories: { [channel.id]: () => channel },
    // The gateway takes any agent by this way, so that it can be watched.
    acpAgent: () => watched(agent, options),
    callbackPort: () => callbacks?.port ?? config.callbackPort,
    onEvent,
  });
  if (account.async && agent.forward) {
    callbacks = await takeCallbacks(gateway, config);
    things.defer(() => callbacks?.close(GRACE));
  }
  things.defer(() => gateway.stop());
  await gateway.startChannel(channel.id);
  const kept = things.move();
  return {
    get waiting() {
      return gateway.status().reduce((sum, { waiting }) => sum + waiting, 0);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A configuration with nothing but this conversation. */
function alone(config: OcgConfig, account: ChatAccount, channel: Channel): OcgConfig {
  const { async, historyTurns } = account;
  const only: ChannelConfig = {
    accounts: {
      [channel.account]: {
        agentType: "acp",
        acp: { command: "watched", args: [], env: {}, timeoutMs: config.timeoutMs },
        async,
        historyTurns,
        dailyMessages: 0,
        allowFrom: ["*"],
      },
    },
  };
  return { ...config, channels: { [channel.id]: only } };
}

async function takeCallbacks(gateway: OcgGateway, config: OcgConfig): Promise<Listening> {
  const { listen } = await import("../../server/listen.ts");
  const { ocgSurface } = await import("../../server/ocg.ts");
  const host = callbackHostOf(config, [{ async: true }]);
  // Agents that come by way of a proxy find one port only.
  const port = config.callbackUrl === undefined ? 0 : config.callbackPort;
  return await listen(ocgSurface(gateway), { host, port }).catch((error) => {
    if (!(error instanceof MeshError) || error.code !== "port_in_use") throw error;
    throw new MeshError(error.code, `Answers come to port ${port}, which somebody else has`, {
      cause: error,
      hint: "if it is the gateway: mesh ocg stop, and start it again afterwards",
    });
  });
}

async function openAgent(
  { context, root, config, account }: ConversationOptions,
): Promise<{ agent: ChatAgent; close?: () => Promise<void> }> {
  const { agent } = account;
  if (agent.type === "ogp") return await openPeerAgent(context, root, config, agent.url);
  const { acpAgent } = agentParts(undefined);
  if (agent.type === "acp" && agent.acp && acpAgent) {
    return { agent: await acpAgent(agent.acp, account) };
  }
  return { agent: httpAgent(checked(agent), config) };
}

/** The file's URLs were judged when it was read; that of the environment was not. */
function checked(agent: AgentChoice): AgentChoice {
  if (isServiceUrl(agent.url)) return agent;
  throw new MeshError("config_invalid", "OCG_AGENT_URL is no address of an agent", {
    hint: "an http(s) URL without user name and password",
  });
}

function watched(
  agent: ChatAgent,
  { onPiece = () => {}, onFailure = () => {} }: ConversationOptions,
): ChatAgent {
  const failing = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!signal.aborted) onFailure(error);
      throw error;
    }
  };
  const { forward } = agent;
  return {
    ask: (question, how) => {
      const onText = (piece: string) => {
        onPiece();
        how.onText(piece);
      };
      return failing(agent.ask(question, { ...how, onText }), how.signal);
    },
    ...(forward && {
      forward: (question, callback, how) => {
        const onLate = (error: unknown) => {
          onFailure(error);
          how.onLate(error);
        };
        return failing(forward.call(agent, question, callback, { ...how, onLate }), how.signal);
      },
    }),
    stop: async () => await agent.stop?.(),
  };
}
