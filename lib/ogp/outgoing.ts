/**
 * Messages on their way out: the budget, the record, the entry in the outbox, the attempt; and what a crash
 * between any two of these leaves behind.
 *
 * @module
 */
import type { Attempt, Outbox } from "../delivery/outbox.ts";
import { MeshError } from "../error.ts";
import { JsonObject } from "../signing/json.ts";
import { fromPlain } from "../signing/json_plain.ts";
import type { Collection } from "../store/store.ts";
import { ownNames, peerAddress } from "./addressing.ts";
import type { OgpNode } from "./node.ts";
import {
  type NewOutgoing,
  outgoingMessageOf,
  recordOfOutgoing,
  type ReplyBy,
  textIn,
} from "./outgoing_record.ts";
import type { OgpPeer } from "./records.ts";
import { pendingReplyOf, replyEntryId } from "./reply_record.ts";
import { allowed } from "./scopes.ts";
import { peerName } from "./state.ts";
import { LARGEST_BODY, signedMessageBody } from "./wire_message.ts";

/** The name of messages in the outbox. */
export const OGP_PROTOCOL = "ogp";

/** The name of replies in the outbox. */
export const REPLY_PROTOCOL = "ogp-reply";

/** What to say. */
export interface SendOptions {
  /** What is asked, such as `message`. */
  readonly intent: string;
  /** What is said: an object. */
  readonly payload: unknown;
  /** The conversation that it belongs to. */
  readonly conversationId?: string;
  /** The project that it belongs to. */
  readonly projectId?: string;
  /** Which of the peer's agents it is for. */
  readonly toAgent?: string;
  /** Its id, if it must be known before; else a new one. */
  readonly nonce?: string;
  /** Whether the peer is asked to bring its reply. Default `callback+poll`; without a URL we only poll. */
  readonly replyBy?: ReplyBy;
  /** Interrupts the first attempt; the message is on disk and queued all the same. */
  readonly signal?: AbortSignal;
}

/** What became of a message, as far as the first attempt tells. */
export interface SentOgpMessage {
  /** Its id. */
  readonly nonce: string;
  /** What came of the attempt; whatever it is, the message is on disk. */
  readonly attempt: Attempt;
  /** That the peer, by what it told us, does not take such messages from us. It was asked all the same. */
  readonly warning?: string;
}

/** How much to look at when looking for what a crash left. */
export interface RequeueOptions {
  /** How many of the newest records are looked at. Default 10,000. */
  readonly newest?: number;
  /** How old a record must be, in milliseconds, so that a command in the middle of it is left alone. */
  readonly olderThanMs?: number;
}

/** Ids that other entries of the outbox have; a message with such an id would meet another one's entry. */
const OTHERS_IDS = /^(?:msg_|approve-|removed-|reply-|identity-|handover-)/;

/**
 * Stores a message, queues it, and makes the first attempt.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param peer Whom it is for.
 * @param options What to say.
 * @returns What came of it.
 * @throws {MeshError} `not_trusted` if the peer is not approved, `malformed` or `too_large` for what cannot
 * be said, `rate_limited` if the day's budget is spent, `exists` if there is a message with this nonce.
 * Then nothing was stored.
 */
export async function sendOgpMessage(
  node: OgpNode,
  outbox: Outbox,
  peer: OgpPeer,
  options: SendOptions,
): Promise<SentOgpMessage> {
  assertApproved(peer);
  const message = newMessage(node, peer, options);
  const { nonce, conversationId } = message;
  if (await node.state.messagesOut.has(nonce)) throw taken(nonce);
  const record = recordOfOutgoing(message);
  const bytes = new TextEncoder().encode(signedMessageBody(node, record, message.from)).length;
  if (bytes > LARGEST_BODY) {
    throw new MeshError(
      "too_large",
      `The message is larger than ${LARGEST_BODY / 1024} KiB as it travels, which no gateway takes`,
    );
  }
  await node.loopGuard.spend({
    direction: "out",
    peerKey: peerName(peer.publicKey),
    conversationId,
    bytes,
    now: node.now(),
  });
  if (!await node.state.messagesOut.create(nonce, record)) throw taken(nonce);
  const { signal } = options;
  const to = peerName(peer.publicKey);
  const attempt = await outbox.send(nonce, OGP_PROTOCOL, to, signal ? { signal } : {});
  const warning = doubtOf(node, peer, message);
  return { nonce, attempt, ...(warning === undefined ? {} : { warning }) };
}

/**
 * Queues again what a crash left between its two steps: a message, or a reply that is to be brought, that
 * is stored as `queued` while its entry in the outbox was never written. Looks at the newest records only,
 * since a crash leaves such a one behind at the time at which it happens.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param options How much to look at.
 * @returns The ids of the entries that were written.
 */
export async function requeueLostOgp(
  node: OgpNode,
  outbox: Outbox,
  options: RequeueOptions = {},
): Promise<string[]> {
  const { messagesOut, replies } = node.state;
  const messages = await requeue(node, outbox, messagesOut, options, (id, record) => {
    const { to, receipt } = outgoingMessageOf(id, record);
    if (receipt.state !== "queued" || to === "") return undefined;
    return { id, protocol: OGP_PROTOCOL, to };
  });
  const answers = await requeue(node, outbox, replies, options, (name, record) => {
    const to = pendingReplyOf(record);
    return to === undefined ? undefined : { id: replyEntryId(name), protocol: REPLY_PROTOCOL, to };
  });
  return [...messages, ...answers];
}

/** An entry that ought to be in the outbox. */
interface Lost {
  readonly id: string;
  readonly protocol: string;
  /** The peer's key as DER. */
  readonly to: string;
}

async function requeue(
  node: OgpNode,
  outbox: Outbox,
  records: Collection<JsonObject>,
  { newest = 10_000, olderThanMs = 0 }: RequeueOptions,
  lostIn: (id: string, record: JsonObject) => Lost | undefined,
): Promise<string[]> {
  const { entries } = await records.list({ order: "newest", limit: newest });
  const before = node.now().getTime() - olderThanMs;
  const found: string[] = [];
  for (const { id: name, value, modifiedAt } of entries) {
    if (olderThanMs > 0 && modifiedAt.getTime() > before) continue;
    const lost = lostIn(name, value);
    if (!lost || await outbox.entries.has(lost.id) || await outbox.failed.has(lost.id)) continue;
    await outbox.add(lost.id, lost.protocol, peerName(lost.to));
    found.push(lost.id);
  }
  return found;
}

function assertApproved({ status, alias, displayName, gatewayUrl }: OgpPeer): void {
  if (status === "approved") return;
  throw new MeshError("not_trusted", `The federation with "${alias ?? displayName}" was ended`, {
    hint: `mesh ogp federation request ${gatewayUrl}`,
  });
}

function newMessage(node: OgpNode, peer: OgpPeer, options: SendOptions): NewOutgoing {
  const { intent, conversationId, projectId, toAgent, replyBy = "callback+poll" } = options;
  const nonce = options.nonce ?? crypto.randomUUID();
  if (!/^[A-Za-z0-9_-][A-Za-z0-9_.:-]{0,99}$/.test(nonce) || OTHERS_IDS.test(nonce)) {
    throw new MeshError("malformed", `"${nonce.slice(0, 100)}" cannot be a message's id`);
  }
  if (intent === "" || intent.length > 200) {
    throw new MeshError("malformed", "An intent has 1 to 200 characters");
  }
  const payload = fromPlain(options.payload);
  if (!(payload instanceof JsonObject)) {
    throw new MeshError("malformed", "The payload is not a JSON object", {
      hint: `such as '{"text":"hello"}'`,
    });
  }
  const { gatewayUrl } = node.config;
  const brought = replyBy === "callback+poll" && gatewayUrl !== undefined;
  const callback = `${gatewayUrl?.replace(/\/+$/, "")}/federation/reply/${nonce}`;
  return {
    nonce,
    to: peer.publicKey,
    intent,
    payload,
    ...(brought ? { replyTo: callback } : {}),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(projectId === undefined ? {} : { projectId }),
    ...(toAgent === undefined ? {} : { toAgent }),
    from: ownNames(node, peer)[0] ?? "",
    addressee: peerAddress(peer),
    createdAt: node.now().toISOString(),
  };
}

/** What a peer granted may have changed since it told us: it is asked, and its answer counts. */
function doubtOf(
  node: OgpNode,
  { grantedToUs }: OgpPeer,
  { intent, payload }: NewOutgoing,
): string | undefined {
  if (!grantedToUs) return undefined;
  const topic = payload instanceof JsonObject && intent === "agent-comms"
    ? textIn(payload, "topic")
    : undefined;
  const verdict = allowed(grantedToUs, intent, topic, node.now());
  return verdict.ok ? undefined : `By what the peer granted us: ${verdict.reason}`;
}

function taken(nonce: string): MeshError {
  return new MeshError("exists", `There is a message "${nonce}" already`);
}
