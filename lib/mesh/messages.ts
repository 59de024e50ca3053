/**
 * Direct messages: writing them, and taking them in.
 *
 * @module
 */
import { httpStatusOf, MeshError } from "../error.ts";
import { measured, type OnStep } from "../metrics/step.ts";
import { signPayload, verifyPayload } from "../signing/envelope.ts";
import type { JsonObject } from "../signing/json.ts";
import { fromPlain } from "../signing/json_plain.ts";
import { compositeId } from "../store/composite_id.ts";
import { assertFresh, protocolTime } from "../signing/freshness.ts";
import { readDocument } from "../signing/read_document.ts";
import { sameContent } from "./same_content.ts";
import type { MeshNode } from "./node.ts";
import { peerKey } from "./peer_key.ts";
import { type DirectMessage, directMessageOf, type Peer } from "./records.ts";

/** How a message is taken in. */
export interface ReceiveMessageOptions {
  /** Where it came from, for the audit log. */
  readonly source?: string;
  /** Take any age: it was carried by hand. */
  readonly allowOld?: boolean;
  /** Told how long its steps took. */
  readonly onStep?: OnStep | undefined;
}

/** What became of a message. */
export interface ReceivedMessage {
  /** Whether it is new; a message that is here already is acknowledged again and nothing else. */
  readonly state: "new" | "known";
  /** The message. */
  readonly message: DirectMessage;
  /** Who sent it. */
  readonly peer: Peer;
}

/** What the sender is told: the message is on disk here. */
export interface Acknowledgement {
  readonly type: "ack";
  readonly message_id: string;
  readonly status: "received";
  readonly timestamp: string;
}

/**
 * Writes and signs a message to a peer. Nothing is stored or sent.
 *
 * @param node This node.
 * @param to The peer's agent id.
 * @param text What to say.
 * @returns The message as signed.
 */
export function createMessage(node: MeshNode, to: string, text: string): JsonObject {
  const unsigned = fromPlain({
    type: "direct_message",
    message_id: `msg_${crypto.randomUUID().replaceAll("-", "")}`,
    from: node.identity.card.agent_id,
    to,
    timestamp: protocolTime(node.now()),
    body: { text },
  }) as JsonObject;
  return signPayload(unsigned, node.identity.privateKey);
}

/**
 * Takes a message in: known form, addressed to us, from a peer, signed with the peer's stored key, fresh,
 * not seen before; then it is stored, and only then does this return.
 *
 * @param node This node.
 * @param bytes The message as received.
 * @param options Origin.
 * @returns What became of it.
 * @throws {MeshError} for everything that is refused, written to the audit log.
 */
export async function receiveMessage(
  node: MeshNode,
  bytes: Uint8Array,
  options: ReceiveMessageOptions = {},
): Promise<ReceivedMessage> {
  const document = readDocument(bytes);
  const message = directMessageOf(document);
  try {
    const peer = await authenticSender(node, document, message, options);
    const state = await keep(node, document, message, peer, options);
    return { state, message, peer };
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      await node.state.audit.refusal({
        event: "message.refused",
        code: error.code,
        from: message.from,
        message_id: message.message_id,
        source: options.source,
      });
    }
    throw error;
  }
}

/**
 * The acknowledgement for a message that is stored.
 *
 * @param messageId The message's id.
 * @param now The present.
 * @returns What the sender is told.
 */
export function acknowledgement(messageId: string, now: Date): Acknowledgement {
  return { type: "ack", message_id: messageId, status: "received", timestamp: protocolTime(now) };
}

async function authenticSender(
  node: MeshNode,
  document: JsonObject,
  message: DirectMessage,
  { onStep }: ReceiveMessageOptions,
): Promise<Peer> {
  if (message.to !== node.identity.card.agent_id) {
    throw new MeshError(
      "wrong_recipient",
      `The message is for "${message.to}", which is not this node`,
    );
  }
  const peer = await node.state.peers.get(message.from);
  // On a file system that ignores case, another id may lead to the same file.
  if (!peer || peer.agent_id !== message.from) {
    throw new MeshError("not_trusted", `"${message.from}" is not trusted here`, {
      hint: "mesh list-requests",
    });
  }
  if (!measured(onStep, "verify", () => verifyPayload(document, peerKey(peer)))) {
    throw new MeshError(
      "bad_signature",
      `The message is not signed with the key of "${message.from}"`,
    );
  }
  return peer;
}

/**
 * Stores a message under its id and its sender's key: creating the record is what notices a repetition,
 * across all processes and restarts, and no peer can meet another's record.
 */
async function keep(
  node: MeshNode,
  document: JsonObject,
  message: DirectMessage,
  peer: Peer,
  options: ReceiveMessageOptions,
): Promise<"new" | "known"> {
  const name = messageRecordName(message.message_id, peer);
  const isStoredAs = (id: string) => isStored(node, document, message, id);
  // The Python original stores by the message's id alone.
  if (await isStoredAs(compositeId(message.message_id))) return "known";
  try {
    assertFresh(message.timestamp, node.now(), options.allowOld);
  } catch (error) {
    // Too late to store it, but not to say that it is here.
    if (await isStoredAs(name)) return "known";
    throw error;
  }
  // A record that turns out to be spoilt is set aside when it is read, and its name is free again.
  for (let attempt = 1; attempt <= 2; attempt++) {
    const create = () => node.state.messagesIn.create(name, document);
    if (await measured(options.onStep, "store", create)) return "new";
    if (await isStoredAs(name)) return "known";
  }
  throw new MeshError(
    "id_reused",
    `"${message.message_id}" cannot be stored: its record is unreadable`,
  );
}

/** Whether a record holds this very message; one that holds another of its sender is a reason to refuse. */
async function isStored(
  node: MeshNode,
  document: JsonObject,
  message: DirectMessage,
  id: string,
): Promise<boolean> {
  const stored = await node.state.messagesIn.get(id);
  if (!stored || stored.get("from") !== message.from) return false;
  if (sameContent(stored, document)) return true;
  throw new MeshError("id_reused", `"${message.message_id}" was used for another message before`);
}

/**
 * The name of a received message's record.
 *
 * @param messageId The id that the sender chose.
 * @param peer The sender.
 * @returns `<message id>@<first 16 hex digits of the sender's key>`: of the key, because a fingerprint that
 * another program stored may be another's.
 */
export function messageRecordName(messageId: string, peer: Pick<Peer, "public_key">): string {
  return compositeId(messageId, peerKey(peer).hex.slice(0, 16));
}
