/**
 * Messages on their way out: the signed record with its receipt, the entry in the outbox, the attempt,
 * and what the peer's answer means.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import {
  type Attempt,
  type Carrier,
  Outbox,
  type OutboxEntry,
  type Outcome,
} from "../delivery/outbox.ts";
import { retryPolicy } from "../delivery/retry_policy.ts";
import { NoAnswerError, parsePeerUrl, type PostAnswer, postJson } from "../net/post.ts";
import { signPayload } from "../signing/envelope.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { printJson } from "../signing/json_print.ts";
import { parseTimestamp, protocolTime } from "../signing/freshness.ts";
import type { MeshNode } from "./node.ts";
import type { Peer } from "./records.ts";

/** The name of this protocol in the outbox. */
export const OUTBOX_PROTOCOL = "mesh";

/**
 * The key beside a stored message's own that says how far it got. It is ours and not signed, so it is
 * taken off before the message is sent.
 */
const RECEIPT = "receipt";

/** How old a signature may be when it is sent; older messages get a new timestamp and signature. */
const RESIGN_AFTER = 60_000;

/** How far a message got. */
export type ReceiptState = "queued" | "accepted" | "failed";

/** What is known about a message of ours. */
export interface Receipt {
  /** `queued` on our disk, `accepted` by the peer, or `failed` for good. */
  readonly state: ReceiptState;
  /** Since when, ISO 8601. */
  readonly at: string;
  /** The peer's answer, or why it failed. */
  readonly detail?: unknown;
}

const answerShape = z.looseObject({
  ok: z.boolean(),
  error: z.unknown().optional(),
  message: z.string().optional(),
  result: z.looseObject({ verified: z.boolean().optional() }).nullish(),
});

/**
 * Stores a message of ours without sending it.
 *
 * @param node This node.
 * @param message The message as signed.
 * @param receipt Its first receipt; none for a message that is carried by hand.
 * @throws {MeshError} `exists` if there is a message with this id.
 */
export async function storeOutgoing(
  node: MeshNode,
  message: JsonObject,
  receipt?: ReceiptState,
): Promise<void> {
  const record = new JsonObject(message);
  if (receipt) record.set(RECEIPT, receiptOf({ state: receipt, at: node.now().toISOString() }));
  const id = messageId(message);
  if (await node.state.messagesOut.create(id, record)) return;
  throw new MeshError("exists", `There is a message "${id}" already`);
}

/**
 * The outbox of a node, with this protocol's way of sending.
 *
 * @param node This node.
 * @returns The outbox.
 */
export function meshOutbox(node: MeshNode): Outbox {
  return new Outbox({
    store: node.state.store,
    entries: node.state.outbox,
    failed: node.state.failed,
    policy: retryPolicy(),
    carriers: meshCarriers(node),
    now: node.now,
  });
}

/**
 * This protocol's way of sending, for an outbox that serves others, too.
 *
 * @param node This node.
 * @returns The carrier, under {@link OUTBOX_PROTOCOL}.
 */
export function meshCarriers(node: MeshNode): Readonly<Record<string, Carrier>> {
  return { [OUTBOX_PROTOCOL]: meshCarrier(node) };
}

/**
 * Stores a message, queues it, and makes the first attempt.
 *
 * @param node This node.
 * @param outbox Its outbox.
 * @param message The message as signed.
 * @returns What came of the attempt; whatever it is, the message is on disk.
 */
export async function sendMessage(
  node: MeshNode,
  outbox: Outbox,
  message: JsonObject,
): Promise<Attempt> {
  await storeOutgoing(node, message, "queued");
  const id = messageId(message);
  return await outbox.send(id, OUTBOX_PROTOCOL, String(message.get("to")));
}

/**
 * Queues again what a crash left between its two steps: a message stored as `queued` whose entry in the
 * outbox was never written. Looks at the newest records only, since a crash leaves such a one behind at
 * the time at which it happens.
 *
 * @param node This node.
 * @param outbox Its outbox.
 * @param options How many of the newest records are looked at (default 10,000), and how old in
 * milliseconds one must be (default 0), so that a command in the middle of it is left alone.
 * @returns The ids that were queued.
 */
export async function requeueLost(
  node: MeshNode,
  outbox: Outbox,
  { newest = 10_000, olderThanMs = 0 }: { newest?: number; olderThanMs?: number } = {},
): Promise<string[]> {
  const { entries } = await node.state.messagesOut.list({ order: "newest", limit: newest });
  const before = node.now().getTime() - olderThanMs;
  const lost: string[] = [];
  for (const { id, value, modifiedAt } of entries) {
    if (modifiedAt.getTime() > before && olderThanMs > 0) continue;
    if (readReceipt(value)?.state !== "queued") continue;
    if (await outbox.entries.has(id) || await outbox.failed.has(id)) continue;
    await outbox.add(id, OUTBOX_PROTOCOL, String(value.get("to")));
    lost.push(id);
  }
  return lost;
}

/**
 * The receipt of a stored message.
 *
 * @param record The record.
 * @returns The receipt, or `undefined` for a message that was never queued.
 */
export function readReceipt(record: JsonObject): Receipt | undefined {
  const receipt = record.get(RECEIPT);
  return receipt instanceof JsonObject ? toPlain(receipt) as Receipt : undefined;
}

/**
 * What a peer's answer means for the message. A refusal in the protocol's own words is final; anything
 * that may be somebody or something else answering, or may pass, is not.
 *
 * @param answer The answer.
 * @returns The outcome.
 */
export function judgeAnswer(answer: PostAnswer): Outcome {
  const { status } = answer;
  const body = parseAnswer(answer.body);
  if (status >= 200 && status < 300 && body?.ok === true) {
    if (body.result?.verified === true) return { kind: "accepted", answer: body };
    if (body.result?.verified === false) {
      return { kind: "refused", status, reason: "The peer could not verify our signature" };
    }
  }
  const reason = body?.ok === false
    ? refusalText(body)
    : `Something that does not speak the protocol answered with status ${status}`;
  // A crashed handler of the Python original answers 400 with its stack.
  const crashed = typeof body?.error === "string" && body.error.startsWith("Traceback");
  // A clock that is wrong right after the start, ours or the peer's, is no reason to give up.
  const mayPass = status >= 500 || [408, 425, 429].includes(status) || crashed ||
    body?.error === "stale_timestamp";
  if (body?.ok === false && status >= 400 && !mayPass) return { kind: "refused", status, reason };
  return {
    kind: "retry",
    status,
    reason: crashed ? "The peer's program failed" : reason,
    ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
  };
}

function meshCarrier(node: MeshNode): Carrier {
  return {
    send: (entry, signal) => attemptDelivery(node, entry, signal),
    settle: async (entry, state, detail) => {
      const at = node.now().toISOString();
      await node.state.messagesOut.update(entry.id, (record) => {
        // What the peer has taken stays taken, whatever becomes of an entry that a crash left behind.
        if (!record || readReceipt(record)?.state === "accepted") return undefined;
        const changed = new JsonObject(record);
        changed.set(RECEIPT, receiptOf({ state, at, detail }));
        return changed;
      });
    },
  };
}

async function attemptDelivery(
  node: MeshNode,
  entry: OutboxEntry,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const record = await node.state.messagesOut.get(entry.id);
  if (!record) return { kind: "refused", reason: "The message is not on disk any more" };
  const receipt = readReceipt(record);
  // A crash came between the receipt and the removal of the entry: the peer has it.
  if (receipt?.state === "accepted") return { kind: "accepted", answer: receipt.detail };
  const peer = await node.state.peers.get(entry.to);
  if (!peer) return { kind: "refused", reason: `"${entry.to}" is not trusted here any more` };
  if (!peer.endpoint) return { kind: "refused", reason: `"${entry.to}" has no endpoint` };
  const url = messageUrl(peer);
  if (!url) return { kind: "refused", reason: `The endpoint of "${entry.to}" cannot be used` };
  try {
    const answer = await postJson(url, printJson(freshlySigned(node, record)), {
      ...(signal ? { signal } : {}),
    });
    return judgeAnswer(answer);
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    return {
      kind: "retry",
      reason: error.message,
      ...(error.ownFault ? { ownFault: true } : { unreachable: true }),
    };
  }
}

/**
 * The message as it goes out. Receivers refuse what is older than five minutes, so a message that waited
 * is signed again with the present time; its id and content stay, which is what receivers know it by.
 */
function freshlySigned(node: MeshNode, record: JsonObject): JsonObject {
  const message = new JsonObject(record);
  message.delete(RECEIPT);
  const now = node.now();
  const signedAt = parseTimestamp(String(message.get("timestamp")));
  if (signedAt && Math.abs(now.getTime() - signedAt.getTime()) < RESIGN_AFTER) return message;
  message.delete("signature");
  message.set("timestamp", protocolTime(now));
  return signPayload(message, node.identity.privateKey);
}

function messageUrl(peer: Peer): URL | undefined {
  try {
    return parsePeerUrl(`${String(peer.endpoint).replace(/\/+$/, "")}/agent-mesh/message`);
  } catch {
    return undefined;
  }
}

function messageId(message: JsonObject): string {
  return String(message.get("message_id"));
}

function receiptOf(receipt: Receipt): JsonObject {
  return fromPlain(receipt) as JsonObject;
}

function parseAnswer(body: string): z.infer<typeof answerShape> | undefined {
  try {
    return answerShape.parse(toPlain(parseJson(body)));
  } catch {
    return undefined;
  }
}

function refusalText({ error, message }: z.infer<typeof answerShape>): string {
  const code = typeof error === "string" ? error.trim() : "refused";
  return (message ? `${code}: ${message}` : code).slice(0, 300);
}
