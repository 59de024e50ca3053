/**
 * Messages of ours on disk: what was said to whom, how far it got, and what was replied.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { type Json, JsonObject } from "../signing/json.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import type { OgpState } from "./state.ts";

/** How far a message got: on our disk, with the peer, with the peer's agent, given up, answered. */
export type OgpReceiptState = "queued" | "accepted" | "handed" | "failed" | "replied";

/** What is known about how far a message got. */
export interface OgpReceipt {
  /** How far. */
  readonly state: OgpReceiptState;
  /** Since when, ISO 8601. */
  readonly at: string;
  /** Why it failed: `reason`, the HTTP `status` of the peer's answer, and its `answer` if it gave one. */
  readonly detail?: unknown;
}

/** What a peer replied to a message of ours. */
export interface Reply {
  /** Whether the peer could do what was asked. */
  readonly success: boolean;
  /** What it replied. */
  readonly data?: unknown;
  /** Why it could not. */
  readonly error?: unknown;
  /** When it was made, as the peer says. */
  readonly timestamp: string;
  /** Whether the peer brought it, or we fetched it. */
  readonly via: "callback" | "poll";
  /** Whether the peer's key signed it. OGP 0.2 signs no replies. */
  readonly signed: boolean;
  /** When it was stored, ISO 8601. */
  readonly receivedAt: string;
}

/** How a reply is wanted. */
export type ReplyBy = "callback+poll" | "none";

/** A message of ours. */
export interface OutgoingMessage {
  /** Its id; also its record's name. */
  readonly nonce: string;
  /** Whom it is for: the key as DER. */
  readonly to: string;
  /** What is asked. */
  readonly intent: string;
  /** What is said. */
  readonly payload: unknown;
  /** The conversation that it belongs to. */
  readonly conversationId?: string;
  /** The project that it belongs to. */
  readonly projectId?: string;
  /** Which of the peer's agents it is for. */
  readonly toAgent?: string;
  /** When it was written, ISO 8601. */
  readonly createdAt: string;
  /** How far it got. */
  readonly receipt: OgpReceipt;
  /** What the peer answered when it took the message. */
  readonly response?: unknown;
  /** What was replied later. */
  readonly reply?: Reply;
}

/** What a record starts with. */
export interface NewOutgoing extends Omit<OutgoingMessage, "payload" | "receipt"> {
  /** What is said, as lossless JSON. */
  readonly payload: Json;
  /** What we call ourselves to the peer. It stays with the message, since receivers compare repetitions. */
  readonly from: string;
  /** What we call the peer. */
  readonly addressee: string;
  /** Where the peer may post its reply. */
  readonly replyTo?: string;
}

/**
 * The record of a message that was just written.
 *
 * @param message The message.
 * @returns The record, its receipt `queued`.
 */
export function recordOfOutgoing(message: NewOutgoing): JsonObject {
  const { createdAt, ...rest } = message;
  const receipt = { state: "queued", at: createdAt };
  return fromPlain({ ...rest, createdAt, receipt }) as JsonObject;
}

/**
 * A record as a message.
 *
 * @param id The record's name.
 * @param record The record.
 * @returns The message; what a damaged record lacks is empty.
 */
export function outgoingMessageOf(id: string, record: JsonObject): OutgoingMessage {
  const { from: _, addressee: __, replyTo: ___, ...plain } = toPlain(record) as Record<
    string,
    unknown
  >;
  const receipt = plain.receipt as OgpReceipt | undefined;
  return {
    ...plain as Partial<OutgoingMessage>,
    nonce: id,
    to: textIn(record, "to") ?? "",
    intent: textIn(record, "intent") ?? "",
    payload: plain.payload ?? {},
    createdAt: textIn(record, "createdAt") ?? new Date(0).toISOString(),
    receipt: receipt && typeof receipt === "object" ? receipt : { state: "queued", at: "" },
  };
}

/**
 * Finds the message of ours that an owner means.
 *
 * @param state The state.
 * @param selector Its nonce, or the beginning of one.
 * @returns The message.
 * @throws {MeshError} `not_found`, or `ambiguous` with the candidates.
 */
export async function findOutgoing(
  state: Pick<OgpState, "messagesOut">,
  selector: string,
): Promise<OutgoingMessage> {
  const ids = selector === "" ? [] : await state.messagesOut.ids();
  const matches = ids.includes(selector) ? [selector] : ids.filter((id) => id.startsWith(selector));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) {
    const record = await state.messagesOut.get(only);
    if (record) return outgoingMessageOf(only, record);
  }
  if (matches.length > 1) {
    const list = matches.slice(0, 5).join(", ");
    throw new MeshError("ambiguous", `"${selector}" matches several messages: ${list}`);
  }
  throw new MeshError("not_found", `No message of ours matches "${selector}"`);
}

/**
 * A text in a record.
 *
 * @param record The record.
 * @param key Its key.
 * @returns The text, or `undefined` if there is something else or nothing.
 */
export function textIn(record: JsonObject, key: string): string | undefined {
  const value = record.get(key);
  return typeof value === "string" ? value : undefined;
}

/**
 * Whether the peer has a message, however far it got there.
 *
 * @param state How far it got.
 * @returns Whether there is nothing left to send.
 */
export function isWithPeer(state: OgpReceiptState): boolean {
  return state === "accepted" || state === "handed" || state === "replied";
}

/**
 * Whether a reply may still come, and is worth asking for.
 *
 * @param message A message of ours.
 * @returns `false` also for one that the peer has not got yet.
 */
export function awaitsReply({ receipt, reply }: OutgoingMessage): boolean {
  return reply === undefined && isWithPeer(receipt.state);
}

/**
 * A record of a message that the peer's agent has got now.
 *
 * @param record The record.
 * @param at When we learnt it.
 * @returns The changed record, or `undefined` if it was known, or is overtaken.
 */
export function withHanded(record: JsonObject, at: Date): JsonObject | undefined {
  if (outgoingMessageOf("", record).receipt.state !== "accepted") return undefined;
  const receipt = fromPlain({ state: "handed", at: at.toISOString() });
  return new JsonObject(record).set("receipt", receipt);
}

/**
 * A record with another receipt. What the peer has taken stays taken, and what is replied stays replied,
 * whatever becomes of an entry that a crash left behind.
 *
 * @param record The record.
 * @param receipt How far it got.
 * @param response What the peer answered.
 * @returns The changed record, or `undefined` if nothing is to change.
 */
export function withReceipt(
  record: JsonObject,
  receipt: OgpReceipt,
  response?: unknown,
): JsonObject | undefined {
  const { state } = outgoingMessageOf("", record).receipt;
  const settled = isWithPeer(state);
  const changed = new JsonObject(record);
  if (!settled) changed.set("receipt", fromPlain(receipt));
  // A reply may come before the answer to the very request that it replies to.
  if (response !== undefined && receipt.state === "accepted" && !record.has("response")) {
    changed.set("response", fromPlain(response));
    return changed;
  }
  return settled ? undefined : changed;
}
