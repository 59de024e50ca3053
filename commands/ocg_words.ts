/**
 * How what happens in chats is said.
 *
 * @module
 */
import type { OcgTold } from "../server/daemon_event.ts";

/** What a channel's states are called. */
const STATES = {
  stopped: "has stopped",
  connecting: "connects",
  running: "runs",
  failed: "does not run",
} as const;

/**
 * Says it, what was said in the chat included if the event has it.
 *
 * @param event What happened.
 * @returns One line; what came from outside is not made safe here.
 */
export function ocgSentence(event: OcgTold): string {
  switch (event.kind) {
    case "ocg-channel": {
      const { channel, account, state, self, reason } = event;
      const as = self && state === "running" ? ` as ${self}` : "";
      return `${accountName(channel, account)} ${STATES[state]}${as}${reason ? `: ${reason}` : ""}`;
    }
    case "ocg-plugin":
      return `${accountName(event.channel, event.account)} says: ${event.line}`;
    case "ocg-config": {
      const { path, warnings } = event;
      return [`${path} was read again`, ...warnings].join("; ");
    }
    case "ocg-message": {
      const { sender, chat, characters, said, agent } = event;
      const from = sender === chat ? "" : ` from ${sender}`;
      const to = agent === undefined ? "" : ` → ${agent}`;
      return `in  ${chatName(event)}${from}: ${count(characters)}${to}${quoted(said)}`;
    }
    case "ocg-answered": {
      const { characters, parts, said } = event;
      const blocks = parts === 1 ? "1 message" : `${parts} messages`;
      return `out ${chatName(event)}: ${count(characters)}, ${blocks}${quoted(said)}`;
    }
    case "ocg-forwarded":
      return `${chatName(event)}: the agent has it, and will call back`;
    case "ocg-agent-failed":
      return `${chatName(event)}: no answer from the agent: ${event.reason}`;
    case "ocg-undelivered":
      return `${chatName(event)}: not delivered: ${event.reason}${
        event.again ? "; it is tried again" : "; given up"
      }`;
    case "ocg-stranger": {
      const { channel, account, sender, code } = event;
      const at = accountName(channel, account);
      if (code === undefined) return `${at}: ${sender} is not let in`;
      return `${at}: ${sender} wants to talk to the agent: mesh ocg channels approve ${code}`;
    }
  }
}

/**
 * What an account is called.
 *
 * @param channel The channel's id.
 * @param account The account's name.
 * @returns The channel's id, and the account's name where it is not the only one's.
 */
export function accountName(channel: string, account: string): string {
  return account === "default" ? channel : `${channel}/${account}`;
}

function chatName({ channel, account, chat }: { channel: string; account: string; chat: string }) {
  return `${channel}:${account}:${chat}`;
}

function count(characters: number): string {
  return characters === 1 ? "1 character" : `${characters} characters`;
}

function quoted(said: string | undefined): string {
  return said === undefined ? "" : `: "${said}"`;
}
