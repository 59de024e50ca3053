/**
 * Replies of ours on disk: made and signed once, kept for a day.
 *
 * @module
 */
import { type Json, JsonObject } from "../signing/json.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { printJson } from "../signing/json_print.ts";
import { textIn } from "./outgoing_record.ts";

/** Milliseconds that a reply is kept, and for which it is tried to be brought: 24 h. */
export const KEPT_FOR = 24 * 3_600_000;

/**
 * Milliseconds after which nobody replies to a message any more: a gateway's owner may have a week to decide
 * about it, its agent a day to get it, and the reply a day to be brought.
 */
export const AWAITED_FOR = 9 * KEPT_FOR;

/** How far a reply got that is to be brought to its peer. */
export interface ReplyReceipt {
  /** How far. */
  readonly state: "queued" | "accepted" | "failed";
  /** Since when, ISO 8601. */
  readonly at: string;
  /** What the peer answered, or why it failed. */
  readonly detail?: unknown;
}

/** A reply before it is stored. */
export interface NewReply {
  /** The nonce that it replies to. */
  readonly nonce: string;
  /** Whom it is for: the key as DER. */
  readonly to: string;
  /** Where it is to be brought; only polled if absent. */
  readonly callback?: string;
  /** The signed text. */
  readonly text: string;
  /** What the text says. */
  readonly reply: JsonObject;
  /** 128 hex digits. */
  readonly signature: string;
  /** When it was made. */
  readonly createdAt: Date;
}

/**
 * The record of a reply that was just made.
 *
 * @param reply The reply.
 * @returns The record.
 */
export function recordOfReply(reply: NewReply): JsonObject {
  const at = reply.createdAt.toISOString();
  return fromPlain({
    nonce: reply.nonce,
    to: reply.to,
    reply: reply.reply,
    replyStr: reply.text,
    signature: reply.signature,
    createdAt: at,
    ...(reply.callback === undefined
      ? {}
      : { callback: reply.callback, receipt: { state: "queued", at } }),
  }) as JsonObject;
}

/**
 * How far a reply got.
 *
 * @param record The record.
 * @returns The receipt, `undefined` for a reply that waits to be polled.
 */
export function replyReceiptOf(record: JsonObject): ReplyReceipt | undefined {
  const receipt = record.get("receipt");
  return receipt instanceof JsonObject ? toPlain(receipt) as ReplyReceipt : undefined;
}

/**
 * Whom a reply still has to be brought to.
 *
 * @param record The record.
 * @returns The key as DER, or `undefined` if there is nothing to bring.
 */
export function pendingReplyOf(record: JsonObject): string | undefined {
  return replyReceiptOf(record)?.state === "queued" ? textIn(record, "to") : undefined;
}

/**
 * Whether a reply is past its day.
 *
 * @param record The record.
 * @param now The present.
 * @returns `true` also for a record that does not say when it was made.
 */
export function isExpired(record: JsonObject, now: Date): boolean {
  const age = now.getTime() - Date.parse(textIn(record, "createdAt") ?? "");
  return !(age < KEPT_FOR);
}

/**
 * Whether two replies say the same.
 *
 * @param a A reply.
 * @param b Another.
 * @returns Whether success, data and error are the same.
 */
export function saysTheSame(a: JsonObject, b: JsonObject): boolean {
  const content = (reply: JsonObject): Json[] =>
    ["success", "data", "error"].map((key) => reply.get(key) ?? null);
  return printJson(content(a)) === printJson(content(b));
}

/**
 * The id of the outbox's entry for a reply.
 *
 * @param name The name of the reply's record.
 * @returns `reply-<name>`.
 */
export function replyEntryId(name: string): string {
  return `reply-${name}`;
}

/**
 * The record that an entry of the outbox is for.
 *
 * @param id The entry's id.
 * @returns The record's name.
 */
export function replyNameOf(id: string): string {
  return id.slice("reply-".length);
}
