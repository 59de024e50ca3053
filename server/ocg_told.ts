/**
 * What of the chats is told to whoever watches the daemon: what people and agents say only where the owner
 * wants to read along.
 *
 * @module
 */
import { type ChatAccount, isVerbose } from "../lib/ocg/accounts.ts";
import type { ChatAddress } from "../lib/ocg/channel.ts";
import type { Environment } from "../lib/ocg/config_file.ts";
import type { OcgEvent } from "../lib/ocg/event.ts";
import type { OcgGateway } from "../lib/ocg/gateway.ts";
import { shownUrl } from "../lib/ocg/shown_url.ts";
import type { DaemonEvent } from "./daemon_event.ts";

/**
 * An event of the gateway as the daemon tells it.
 *
 * @param event What happened.
 * @param gateway Whose event it is.
 * @param env The environment, which may ask for texts.
 * @returns The daemon's event.
 */
export function ocgTold(
  event: OcgEvent,
  gateway: Pick<OcgGateway, "config" | "accounts">,
  env: Environment,
): DaemonEvent {
  const verbose = isVerbose(gateway.config, env);
  switch (event.type) {
    case "message": {
      const { said, sender } = event;
      const common = { kind: "ocg-message", ...addressOf(event), sender } as const;
      if (!verbose) return { ...common, characters: said.length };
      return { ...common, characters: said.length, said, ...agentOf(event, gateway.accounts) };
    }
    case "answered": {
      const { said, parts } = event;
      const common = { kind: "ocg-answered", ...addressOf(event), parts } as const;
      return { ...common, characters: said.length, ...(verbose ? { said } : {}) };
    }
    case "forwarded":
      return { kind: "ocg-forwarded", ...addressOf(event) };
    case "agent_failed":
      return { kind: "ocg-agent-failed", ...addressOf(event), reason: event.error };
    case "undelivered": {
      const { again, error: reason } = event;
      return { kind: "ocg-undelivered", ...addressOf(event), reason, again };
    }
    case "stranger": {
      const { sender, code } = event;
      const told = { kind: "ocg-stranger", ...addressOf(event), sender } as const;
      return code === undefined ? told : { ...told, code };
    }
    case "channel": {
      const { channel, account, status: { state, self, error } } = event;
      return {
        kind: "ocg-channel",
        channel,
        account,
        state,
        ...(self === undefined ? {} : { self }),
        ...(error === undefined ? {} : { reason: error }),
      };
    }
    case "fault":
      return { kind: "fault", error: new Error(event.error) };
  }
}

function addressOf({ channel, account, chat }: ChatAddress): ChatAddress {
  return { channel, account, chat };
}

function agentOf(
  { channel, account }: ChatAddress,
  accounts: readonly ChatAccount[],
): { agent?: string } {
  const agent = accounts.find((one) => one.channel === channel && one.account === account)?.agent;
  if (!agent) return {};
  const url = shownUrl(agent.url);
  return { agent: agent.model === undefined ? url : `${agent.model} @ ${url}` };
}
