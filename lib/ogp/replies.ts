/**
 * Replies to what we received: each is made once and stored before anything is sent. It is brought to where
 * the peer asked for it if that is the peer's own gateway, and handed out to whoever asks for the nonce.
 *
 * @module
 */
import type { Attempt, Outbox } from "../delivery/outbox.ts";
import { MeshError } from "../error.ts";
import { parsePeerUrl } from "../net/post.ts";
import { JsonObject } from "../signing/json.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { printJson } from "../signing/json_print.ts";
import { readDocument } from "../signing/read_document.ts";
import { encodeName } from "../store/names.ts";
import { federationUrl, ownNames } from "./addressing.ts";
import { type IncomingMessage, incomingMessageOf, incomingName } from "./incoming.ts";
import type { OgpNode } from "./node.ts";
import { REPLY_PROTOCOL } from "./outgoing.ts";
import { textIn } from "./outgoing_record.ts";
import type { OgpPeer } from "./records.ts";
import {
  isExpired,
  pendingReplyOf,
  recordOfReply,
  replyEntryId,
  saysTheSame,
} from "./reply_record.ts";
import { signText } from "./signed_text.ts";
import { peerName } from "./state.ts";
import { bodyOf, LARGEST_BODY } from "./wire_message.ts";

/** What to reply. */
export interface Answer {
  /** Whether what was asked could be done. */
  readonly success: boolean;
  /** The reply itself. */
  readonly data?: unknown;
  /** Why it could not be done. */
  readonly error?: unknown;
}

/** How a reply is brought. */
export interface AnswerOptions {
  /** Whether bringing it is left to whoever works on the outbox. Default no. */
  readonly later?: boolean;
}

/** What became of a reply. */
export interface AnswerResult {
  /** Whether it is brought to the peer or waits for it to ask. */
  readonly by: "callback" | "poll";
  /** What came of the first attempt to bring it. */
  readonly attempt?: Attempt;
}

/** What is handed out for a nonce. */
export type PolledReply =
  | { readonly found: false }
  | {
    readonly found: true;
    /** `success, data, error, timestamp`. */
    readonly reply: Readonly<Record<string, unknown>>;
    /** The signed text. */
    readonly replyStr: string;
    /** Our signature over it. */
    readonly signature: string;
  };

const KEYS = { object: "reply", text: "replyStr" };

/** Longest nonce that messages may have. */
const LONGEST_NONCE = 100;

/**
 * Replies to a message, once. Repeating the same reply changes nothing.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param incoming The message.
 * @param answer What to reply.
 * @param options How it is brought.
 * @returns What became of it; it is on disk in any case.
 * @throws {MeshError} `exists` if something else was replied before, `not_trusted` if the sender is no
 * approved peer any more, `malformed` or `too_large` for what cannot be said.
 */
export async function answerMessage(
  node: OgpNode,
  outbox: Outbox,
  incoming: IncomingMessage,
  answer: Answer,
  { later = false }: AnswerOptions = {},
): Promise<AnswerResult> {
  const peer = await node.index.get(incoming.publicKey);
  if (peer?.status !== "approved") {
    throw new MeshError("not_trusted", "The sender of this message is not an approved peer", {
      hint: "mesh ogp federation list",
    });
  }
  const { name } = incoming;
  const record = newRecord(node, peer, incoming, answer);
  const stored = await node.state.replies.create(name, record)
    ? record
    : await sameReply(node, name, record);
  if (!textIn(stored, "callback")) return { by: "poll" };
  if (!pendingReplyOf(stored)) return { by: "callback" };
  const entry = [replyEntryId(name), REPLY_PROTOCOL, peerName(peer.publicKey)] as const;
  if (!later) return { by: "callback", attempt: await outbox.send(...entry) };
  await outbox.add(...entry);
  return { by: "callback" };
}

/**
 * The reply to a message, for a peer that asks. Nobody proves who asks, in either dialect: knowing the
 * nonce is what entitles to it. It is handed out as often as asked for a day, while the originals do it
 * once: an answer that got lost on the way would take the reply with it. Where two peers chose the same
 * nonce and both were replied to, neither reply is handed out: each can only be brought.
 *
 * @param node This gateway.
 * @param nonce The nonce of the message.
 * @returns The reply, if there is one.
 */
export async function replyForPoll(node: OgpNode, nonce: string): Promise<PolledReply> {
  if (!isNonce(nonce)) return { found: false };
  const records = await repliesTo(node, nonce);
  const [record] = records;
  if (!record || records.length > 1) return { found: false };
  const reply = record.get("reply");
  const replyStr = textIn(record, "replyStr");
  const signature = textIn(record, "signature");
  if (!(reply instanceof JsonObject) || !replyStr || !signature) return { found: false };
  const { success, data, error, timestamp } = toPlain(reply) as Record<string, unknown>;
  const shown = { success, data, error, timestamp };
  return { found: true, reply: shown, replyStr, signature };
}

/**
 * How far a message got that is not replied to, for a peer that asks for the reply; see
 * {@link replyForPoll} for who may ask.
 *
 * @param node This gateway.
 * @param nonce The nonce of the message.
 * @returns `handed` once our agent has it; `undefined` if there is no such message, or several.
 */
export async function receiptForPoll(
  node: OgpNode,
  nonce: string,
): Promise<"accepted" | "handed" | undefined> {
  if (!isNonce(nonce)) return undefined;
  const { messagesIn } = node.state;
  const found: IncomingMessage[] = [];
  for (const name of await namesFor(node, nonce)) {
    const value = await messagesIn.has(name) && await messagesIn.get(name);
    const message = value && incomingMessageOf({ id: name, value });
    if (!message) continue;
    const peer = await node.index.get(message.publicKey);
    if (peer?.status === "approved") found.push(message);
  }
  const [message] = found;
  if (!message || found.length > 1) return undefined;
  return message.handover?.state === "handed" ? "handed" : "accepted";
}

/**
 * Removes replies that are past their day, and what the outbox still has of them.
 *
 * @param node This gateway.
 * @returns How many were removed.
 */
export async function sweepReplies(node: OgpNode): Promise<number> {
  const { replies, store, outbox, failed } = node.state;
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await replies.list({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id: name, value } of page.entries) {
      if (!isExpired(value, node.now())) continue;
      const id = replyEntryId(name);
      // The claim of whoever is delivering it; what is under way now is swept the next time.
      await using claim = textIn(value, "callback") === undefined
        ? { [Symbol.asyncDispose]: async () => {} }
        : await store.tryClaim(`outbox-${id}`);
      if (!claim) continue;
      if (textIn(value, "callback") !== undefined) {
        await outbox.delete(id);
        await failed.delete(id);
      }
      if (await replies.delete(name)) removed++;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return removed;
}

/** The replies that are still handed out for a nonce: of approved peers, and not past their day. */
async function repliesTo(node: OgpNode, nonce: string): Promise<JsonObject[]> {
  const { replies } = node.state;
  const found: JsonObject[] = [];
  for (const name of await namesFor(node, nonce)) {
    const record = await replies.has(name) && await replies.get(name);
    if (!record || isExpired(record, node.now())) continue;
    const peer = await node.index.get(textIn(record, "to") ?? "");
    if (peer?.status === "approved") found.push(record);
  }
  return found;
}

/** What records about a message with this nonce can be called. */
async function namesFor({ index }: OgpNode, nonce: string): Promise<Iterable<string>> {
  const names = (await index.keys()).map((publicKey) => incomingName(nonce, publicKey));
  return new Set(names.filter(isStorable));
}

function isNonce(text: string): boolean {
  return text !== "" && text.length <= LONGEST_NONCE && text.isWellFormed();
}

function newRecord(
  node: OgpNode,
  peer: OgpPeer,
  incoming: IncomingMessage,
  { success, data, error }: Answer,
): JsonObject {
  const now = node.now();
  const reply = fromPlain({
    nonce: incoming.nonce,
    success,
    data,
    error,
    timestamp: now.toISOString(),
    from: ownNames(node, peer)[0] ?? "",
    // What the sender calls itself: the signature's only audience.
    to: incoming.from,
  }) as JsonObject;
  const text = printJson(reply);
  const signature = signText(node.privateKey, text);
  const bytes = new TextEncoder().encode(bodyOf(KEYS, text, signature));
  if (bytes.length > LARGEST_BODY) {
    throw new MeshError("too_large", `The reply is larger than ${LARGEST_BODY / 1024} KiB`);
  }
  // What no gateway could read is not promised to one.
  readDocument(bytes);
  const callback = callbackFor(peer, incoming);
  return recordOfReply({
    nonce: incoming.nonce,
    to: peer.publicKey,
    ...(callback === undefined ? {} : { callback }),
    reply,
    text,
    signature,
    createdAt: now,
  });
}

/** Where the reply is brought: to the peer's own gateway, and there to one place, whatever is asked for. */
function callbackFor(
  peer: OgpPeer,
  { replyTo, name, nonce }: IncomingMessage,
): string | undefined {
  if (replyTo === undefined || !isStorable(replyEntryId(name))) return undefined;
  try {
    const url = parsePeerUrl(replyTo);
    if (url.origin !== new URL(peer.gatewayUrl).origin) return undefined;
    return federationUrl(peer, `reply/${encodeURIComponent(nonce)}`)?.href;
  } catch {
    return undefined;
  }
}

async function sameReply(node: OgpNode, name: string, record: JsonObject): Promise<JsonObject> {
  const stored = await node.state.replies.get(name);
  const [mine, theirs] = [record.get("reply"), stored?.get("reply")];
  if (
    stored && mine instanceof JsonObject && theirs instanceof JsonObject &&
    saysTheSame(mine, theirs)
  ) return stored;
  throw new MeshError("exists", "Something else was replied to this message before");
}

function isStorable(id: string): boolean {
  try {
    encodeName(id);
    return true;
  } catch {
    return false;
  }
}
