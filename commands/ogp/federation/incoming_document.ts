/**
 * Received messages, as `--json` prints them and as people read them.
 *
 * @module
 */
import type { IncomingMessage } from "../../../lib/ogp/incoming.ts";
import { keyId } from "../../../lib/ogp/names.ts";
import { type Federation, listFederation } from "../../../lib/ogp/peers.ts";
import type { OgpState } from "../../../lib/ogp/state.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { localTime } from "../../text.ts";
import { payloadText, printIndented } from "./message_words.ts";
import { peerLabel } from "./peer_words.ts";

/** Who is who, by key. */
export type Senders = ReadonlyMap<string, Federation>;

/**
 * All gateways by key.
 *
 * @param state The state.
 * @returns The gateways.
 */
export async function readSenders(state: OgpState): Promise<Senders> {
  return new Map((await listFederation(state)).map((one) => [one.publicKey, one]));
}

/**
 * A message for programs.
 *
 * @param message The message.
 * @param senders Who is who.
 * @param replied Whether it was answered.
 * @returns The document: `from` is the sender's id here, whatever the message calls it.
 */
export function incomingDocument(
  message: IncomingMessage,
  senders: Senders,
  replied: boolean,
): Record<string, unknown> {
  const sender = senders.get(message.publicKey);
  const { nonce, intent, payload, timestamp, publicKey, conversationId } = message;
  return {
    nonce,
    intent,
    from: sender?.id ?? keyId(publicKey),
    alias: sender?.alias ?? null,
    displayName: sender?.displayName ?? null,
    publicKey,
    topic: message.topic,
    priority: priorityOf(message),
    conversationId,
    projectId: message.projectId,
    toAgent: message.toAgent,
    payload,
    timestamp,
    receivedAt: message.receivedAt.toISOString(),
    level: message.handover?.level,
    handover: message.handover?.state,
    replied,
  };
}

/**
 * Prints a message for people.
 *
 * @param terminal Where to.
 * @param message The message.
 * @param senders Who is who.
 */
export function printIncoming(
  terminal: Terminal,
  message: IncomingMessage,
  senders: Senders,
): void {
  const { publicKey, receivedAt, intent, topic, nonce } = message;
  const sender = senders.get(publicKey);
  const name = sender ? peerLabel(sender) : keyId(publicKey);
  const priority = priorityOf(message);
  const about = [
    topic === undefined ? intent : `${intent} about ${topic}`,
    ...(priority === undefined || priority === "normal" ? [] : [`${priority} priority`]),
    ...(message.conversationId === undefined ? [] : [`in ${message.conversationId}`]),
  ];
  terminal.line(
    `${localTime(receivedAt)}  ${name}  ${safeText(about.join(", "))}  ${safeText(nonce)}`,
  );
  printIndented(terminal, payloadText(message.payload));
}

function priorityOf({ payload }: IncomingMessage): string | undefined {
  const { priority } = payload;
  return typeof priority === "string" ? priority : undefined;
}
