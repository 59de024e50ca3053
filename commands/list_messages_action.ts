/** What `mesh list-messages` does. @module */
import { MeshError } from "../lib/error.ts";
import { type InboxFilter, readInbox, type StoredMessage } from "../lib/mesh/inbox.ts";
import { findPeer, listPeers } from "../lib/mesh/peers.ts";
import { textOf } from "../lib/mesh/records.ts";
import type { MeshState } from "../lib/mesh/state.ts";
import { printJson } from "../lib/signing/json_print.ts";
import type { ActionContext } from "./define.ts";
import { follow } from "./follow.ts";
import { type InboxFlags, SHOWN } from "./inbox_flags.ts";
import { interruption } from "./interrupt.ts";
import { openState } from "./node.ts";
import { asciiJson, safeText, type Terminal } from "./terminal.ts";
import { agentName, localTime } from "./text.ts";

/**
 * Prints messages.
 *
 * @param context The terminal.
 * @param flags Which ones.
 */
export default async function (context: ActionContext, flags: InboxFlags): Promise<void> {
  const { terminal } = context;
  const state = openState(context, flags);
  const limit = flags.limit ?? (terminal.json && !flags.follow ? undefined : SHOWN);
  const filter = {
    ...(flags.from === undefined ? {} : { from: await agentIdOf(state, flags.from) }),
    ...(flags.since === undefined ? {} : { since: flags.since }),
  };
  const wanted = { ...filter, ...(limit === undefined ? {} : { limit }) };
  const printer = await messagePrinter(terminal, state);
  if (flags.follow) {
    using stop = interruption();
    const following = {
      collection: state.messagesIn,
      read: (filter: InboxFilter) => readInbox(state, filter),
      nameOf: ({ recordId }: StoredMessage) => recordId,
      filter: wanted,
    };
    for await (const message of follow(following, stop.signal)) {
      printer(message);
      if (terminal.unheard) return;
    }
    return;
  }
  const messages = await readInbox(state, wanted);
  terminal.document(messages.map(({ document }) => document));
  if (messages.length === 0) terminal.line("No messages.");
  if (!terminal.json) { for (const message of messages) printer(message); }
  if (!terminal.json && messages.length === limit && flags.limit === undefined) {
    terminal.note(`The newest ${SHOWN} are shown; --limit shows more.`);
  }
}

/** Messages may be of an agent that is no peer any more: then it is its id that was typed. */
async function agentIdOf(state: MeshState, selector: string): Promise<string> {
  try {
    return (await findPeer(state, selector)).agent_id;
  } catch (error) {
    if (error instanceof MeshError && error.code === "not_found") return selector;
    throw error;
  }
}

async function messagePrinter(
  terminal: Terminal,
  state: MeshState,
): Promise<(message: StoredMessage) => void> {
  const names = new Map((await listPeers(state)).map((peer) => [peer.agent_id, peer.display_name]));
  return ({ message, document, receivedAt }) => {
    if (terminal.json) {
      terminal.raw(asciiJson(printJson(document)) + "\n");
      return;
    }
    const display_name = names.get(message.from) ?? null;
    const name = safeText(agentName({ agent_id: message.from, display_name }));
    terminal.line(`${localTime(receivedAt)}  ${name}  ${safeText(message.message_id)}`);
    for (const line of textOf(message.body).split(/\r\n|[\r\n]/)) {
      terminal.line(`  ${safeText(line)}`);
    }
  };
}
