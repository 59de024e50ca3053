/** What `mesh ogp federation messages` does. @module */
import { MeshError } from "../../../lib/error.ts";
import {
  type IncomingMessage,
  type OgpInboxFilter,
  readOgpInbox,
} from "../../../lib/ogp/incoming.ts";
import { findFederation } from "../../../lib/ogp/peers.ts";
import type { OgpState } from "../../../lib/ogp/state.ts";
import { fromPlain } from "../../../lib/signing/json_plain.ts";
import { printJson } from "../../../lib/signing/json_print.ts";
import type { ActionContext } from "../../define.ts";
import { follow } from "../../follow.ts";
import { type InboxFlags, SHOWN } from "../../inbox_flags.ts";
import { interruption } from "../../interrupt.ts";
import { asciiJson, type Terminal } from "../../terminal.ts";
import { openGatewayState } from "../gateway.ts";
import { incomingDocument, printIncoming, readSenders } from "./incoming_document.ts";

/**
 * Prints messages.
 *
 * @param context The terminal.
 * @param flags Which ones.
 */
export default async function (context: ActionContext, flags: InboxFlags): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const limit = flags.limit ?? (terminal.json && !flags.follow ? undefined : SHOWN);
  const from = flags.from === undefined ? undefined : await keyOf(state, flags.from);
  const wanted = { from, since: flags.since, limit };
  if (flags.follow) return await goOn(terminal, state, wanted);
  const messages = await readOgpInbox(state, wanted);
  const senders = await readSenders(state);
  if (terminal.json) {
    const answered = new Set(await state.replies.ids());
    terminal.document(
      messages.map((one) => incomingDocument(one, senders, answered.has(one.name))),
    );
    return;
  }
  if (messages.length === 0) terminal.line("No messages.");
  for (const message of messages) printIncoming(terminal, message, senders);
  if (messages.length === limit && flags.limit === undefined) {
    terminal.note(`The newest ${SHOWN} are shown; --limit shows more.`);
  }
}

/** Messages may be of a gateway that nothing else is known of any more: then it is its key. */
async function keyOf(state: OgpState, selector: string): Promise<string> {
  try {
    return (await findFederation(state, selector)).publicKey;
  } catch (error) {
    const isKey = /^302a300506032b6570032100[0-9a-f]{64}$/i.test(selector);
    if (error instanceof MeshError && error.code === "not_found" && isKey) {
      return selector.toLowerCase();
    }
    throw error;
  }
}

async function goOn(
  terminal: Terminal,
  state: OgpState,
  filter: OgpInboxFilter,
): Promise<void> {
  using stop = interruption();
  let senders = await readSenders(state);
  const following = {
    collection: state.messagesIn,
    read: (wanted: OgpInboxFilter) => readOgpInbox(state, wanted),
    nameOf: ({ name }: IncomingMessage) => name,
    filter,
  };
  for await (const message of follow(following, stop.signal)) {
    if (!senders.has(message.publicKey)) senders = await readSenders(state);
    await print(message);
    if (terminal.unheard) return;
  }

  async function print(message: IncomingMessage): Promise<void> {
    if (!terminal.json) return printIncoming(terminal, message, senders);
    const document = incomingDocument(message, senders, await state.replies.has(message.name));
    terminal.raw(`${asciiJson(printJson(fromPlain(document)))}\n`);
  }
}
