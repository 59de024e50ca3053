/**
 * Replies to messages of ours, whichever way they come: what is believed of one, and how it is kept with
 * the message, once.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { publicKeyFromDerHex } from "../identity/keys.ts";
import { FRESH_WITHIN, parseTimestamp } from "../signing/freshness.ts";
import { type Json, JsonObject } from "../signing/json.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { printJson } from "../signing/json_print.ts";
import { isOwnName } from "./addressing.ts";
import { keptAnswer } from "./kept_answer.ts";
import type { OgpNode } from "./node.ts";
import { type OutgoingMessage, outgoingMessageOf, type Reply, textIn } from "./outgoing_record.ts";
import type { OgpPeer } from "./records.ts";
import { AWAITED_FOR } from "./reply_record.ts";
import { type SignedText, verifyText } from "./signed_text.ts";

/** What a reply says, before it is known when and how it came. */
export type ReplyContent = Pick<Reply, "success" | "data" | "error" | "timestamp">;

/** What became of a reply. */
export interface KeptReply {
  /** `known`: the same was stored before. */
  readonly state: "new" | "known";
  /** The reply as it is stored. */
  readonly reply: Reply;
}

const CONTENT = ["success", "data", "error", "timestamp"] as const;

/**
 * Verifies a signed reply: it must be the peer's, about this message and for us. A reply to somebody else
 * who used the same nonce is none to us.
 *
 * @param node This gateway.
 * @param message Our message.
 * @param peer Whom it was sent to.
 * @param signed The reply.
 * @returns What it says.
 * @throws {MeshError} `bad_signature`, `wrong_recipient`, `malformed` or `stale_timestamp`.
 */
export function verifiedReply(
  node: OgpNode,
  message: OutgoingMessage,
  peer: OgpPeer,
  { document, text, signature }: SignedText,
): JsonObject {
  if (!verifyText(publicKeyFromDerHex(peer.publicKey), text, signature)) {
    throw new MeshError("bad_signature", "Invalid signature");
  }
  if (document.get("nonce") !== message.nonce) {
    throw new MeshError("wrong_recipient", "The signed reply is about another message");
  }
  const to = textIn(document, "to");
  if (to !== undefined && !isOwnName(node, peer, to)) {
    throw new MeshError("wrong_recipient", "The signed reply is for another gateway");
  }
  assertTimely(message, contentOf(document).timestamp, node.now());
  return document;
}

/**
 * What a reply says.
 *
 * @param document The reply.
 * @returns Its content.
 * @throws {MeshError} `malformed` if it lacks `success` or `timestamp`.
 */
export function contentOf(document: JsonObject): ReplyContent {
  const { success, data, error, timestamp } = toPlain(document) as Record<string, unknown>;
  if (typeof success !== "boolean" || typeof timestamp !== "string" || timestamp.length > 40) {
    throw new MeshError("malformed", 'A reply has "success" and "timestamp"');
  }
  return {
    success,
    timestamp,
    ...(data == null ? {} : { data }),
    ...(error == null ? {} : { error }),
  };
}

/**
 * Stores a reply with its message, durably, unless there is one.
 *
 * @param node This gateway.
 * @param nonce The message's nonce.
 * @param document The reply; verified, if it says that it is signed.
 * @param how How it came.
 * @returns What became of it.
 * @throws {MeshError} `id_reused` if something else was replied before, `not_found` if there is no such
 * message, `malformed`.
 */
export async function keepReply(
  node: OgpNode,
  nonce: string,
  document: JsonObject,
  how: Pick<Reply, "via" | "signed">,
): Promise<KeptReply> {
  const at = node.now().toISOString();
  // Also tells a reply that lacks what it must have.
  contentOf(document);
  let state: KeptReply["state"] = "new";
  const stored = await node.state.messagesOut.update(nonce, (record) => {
    state = "new";
    if (!record) return undefined;
    const before = record.get("reply");
    const changed = new JsonObject(record);
    if (before instanceof JsonObject) {
      if (textOf(before) !== textOf(document)) {
        throw new MeshError("id_reused", "Something else was replied to this message before");
      }
      state = "known";
      // What was fetched unsigned turns out to be the peer's own word.
      if (!how.signed || before.get("signed") === true) return undefined;
      return changed.set("reply", new JsonObject(before).set("signed", true));
    }
    const reply = new JsonObject(CONTENT.flatMap((key): [string, Json][] => {
      const value = document.get(key) ?? null;
      return value === null ? [] : [[key, within(value)]];
    }));
    for (const [key, value] of Object.entries(how)) reply.set(key, value);
    changed.set("reply", reply.set("receivedAt", at));
    return changed.set("receipt", fromPlain({ state: "replied", at }));
  });
  const reply = stored && outgoingMessageOf(nonce, stored).reply;
  if (!reply) throw new MeshError("not_found", "There is no message of ours with this nonce");
  return { state, reply };
}

/** The record has to have room for it, whatever the peer sent. */
function within(value: Json): Json {
  const small = printJson(value).length < 500_000;
  return small ? value : fromPlain(keptAnswer(toPlain(value)));
}

/** What makes two replies the same; how they came does not matter. */
function textOf(reply: JsonObject): string {
  return printJson(CONTENT.map((key) => reply.get(key) ?? null));
}

/** A reply may take its time, but it does not come before its question, nor for ever after. */
function assertTimely(message: OutgoingMessage, timestamp: string, now: Date): void {
  const made = parseTimestamp(timestamp)?.getTime();
  if (made === undefined) {
    throw new MeshError("malformed", "Cannot read the timestamp of the reply");
  }
  const asked = Date.parse(message.createdAt);
  const { state, at } = message.receipt;
  const sent = state === "queued" ? now.getTime() : Math.max(asked, Date.parse(at) || asked);
  const tooEarly = made < asked - FRESH_WITHIN;
  const tooLate = now.getTime() > sent + AWAITED_FOR + FRESH_WITHIN;
  if (tooEarly || tooLate || made > now.getTime() + FRESH_WITHIN) {
    throw new MeshError(
      "stale_timestamp",
      `The reply of ${timestamp} does not belong to this time`,
    );
  }
}
