/** What `mesh ogp federation show` does. @module */
import { MeshError, messageOf } from "../../../lib/error.ts";
import type { HandoverState } from "../../../lib/ogp/handover/mark.ts";
import { findIncoming, type IncomingMessage } from "../../../lib/ogp/incoming.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import {
  awaitsReply,
  findOutgoing,
  type OutgoingMessage,
} from "../../../lib/ogp/outgoing_record.ts";
import { pollReply } from "../../../lib/ogp/reply_poll.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { jsonText, safeText, type Terminal } from "../../terminal.ts";
import { localTime } from "../../text.ts";
import { openGateway } from "../gateway.ts";
import { incomingDocument, printIncoming, readSenders } from "./incoming_document.ts";
import { payloadText, printIndented, replyText, tellingResponse } from "./message_words.ts";
import { peerLabel, printRows } from "./peer_words.ts";

/**
 * Shows a message.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which one.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const incoming = await unlessAbsent(() => findIncoming(node.state, selector));
  const outgoing = await unlessAbsent(() => findOutgoing(node.state, selector));
  if (incoming && outgoing && incoming.nonce !== outgoing.nonce) {
    throw new MeshError(
      "ambiguous",
      `"${selector}" matches one received and one of ours: ${incoming.nonce}, ${outgoing.nonce}`,
    );
  }
  if (outgoing) return await showOutgoing(terminal, node, outgoing);
  if (incoming) return await showIncoming(terminal, node, incoming);
  throw new MeshError("not_found", `No message matches "${selector}"`, {
    hint: "mesh ogp federation messages",
  });
}

async function showIncoming(
  terminal: Terminal,
  node: OgpNode,
  message: IncomingMessage,
): Promise<void> {
  const senders = await readSenders(node.state);
  const replied = await node.state.replies.has(message.name);
  terminal.document({
    direction: "in",
    ...incomingDocument(message, senders, replied),
    replyTo: message.replyTo,
    answer: message.answer,
  });
  printIncoming(terminal, message, senders);
  const { handover } = message;
  printRows(terminal, [
    ["level", handover?.level],
    ["your agent", handover && HANDOVER_WORDS[handover.state]],
    ["reason", handover?.reason],
  ]);
  if (terminal.json) return;
  if (handover?.state === "asking") {
    terminal.note(`next: mesh approvals allow ${message.nonce}, or deny`);
    return;
  }
  terminal.note(
    replied ? "It was answered." : `answer it: mesh ogp federation reply ${message.nonce} TEXT`,
  );
}

/** How far a received message got towards the owner's agent. */
const HANDOVER_WORDS: Readonly<Record<HandoverState, string>> = {
  queued: "gets it soon",
  asking: "waits for your decision",
  handed: "has it",
  replied: "has answered, or you have",
  declined: "was not asked: the message was declined politely",
  failed: "did not get it, or failed",
  stored: "is not configured for it",
};

async function showOutgoing(
  terminal: Terminal,
  node: OgpNode,
  stored: OutgoingMessage,
): Promise<void> {
  const message = await withReply(terminal, node, stored);
  const { nonce, receipt, reply, response } = message;
  const sender = (await readSenders(node.state)).get(message.to);
  terminal.document({ direction: "out", ...message });
  const detail = receipt.detail as { reason?: unknown } | undefined;
  terminal.line(`${localTime(new Date(message.createdAt))}  ${safeText(nonce)}`);
  printIndented(terminal, payloadText(message.payload));
  printRows(terminal, [
    ["to", sender ? peerLabel(sender) : message.to],
    ["intent", message.intent],
    ["conversation", message.conversationId],
    ["receipt", `${receipt.state}, ${localTime(new Date(receipt.at))}`],
    ["reason", typeof detail?.reason === "string" ? detail.reason : undefined],
    ["reply", reply ? (reply.success ? "" : "it failed:") : "none yet"],
  ]);
  const telling = tellingResponse(response);
  if (telling !== undefined) printIndented(terminal, jsonText(telling));
  if (!reply) return;
  terminal.line(`Reply of ${localTime(new Date(reply.receivedAt))}:`);
  printIndented(terminal, replyText(reply));
}

/** Without a daemon nobody fetches replies, so whoever looks at a message fetches its reply. */
async function withReply(
  terminal: Terminal,
  node: OgpNode,
  message: OutgoingMessage,
): Promise<OutgoingMessage> {
  const peer = await node.index.get(message.to);
  if (!awaitsReply(message) || peer?.status !== "approved") return message;
  try {
    terminal.progress(`Asking ${peerLabel(peer)} for the reply …`);
    await pollReply(node, message, peer);
    return await findOutgoing(node.state, message.nonce);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    terminal.note(`The reply could not be asked for: ${safeText(messageOf(error))}`);
    return message;
  } finally {
    terminal.endProgress();
  }
}

async function unlessAbsent<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof MeshError && error.code === "not_found") return undefined;
    throw error;
  }
}
