/**
 * Fetching a reply from the gateway that a message was sent to, for peers that do not bring it.
 *
 * @module
 */
import { isPaused } from "../delivery/pause.ts";
import { MeshError } from "../error.ts";
import { getJson } from "../net/post.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { federationUrl } from "./addressing.ts";
import { heardFrom } from "./health.ts";
import type { OgpNode } from "./node.ts";
import { type OutgoingMessage, type Reply, withHanded } from "./outgoing_record.ts";
import { keepReply, verifiedReply } from "./received_reply.ts";
import type { OgpPeer } from "./records.ts";
import { signedTextOf } from "./signed_text.ts";

/** How to ask. */
export interface PollOptions {
  /** Milliseconds in all. Default 5,000. */
  readonly timeoutMs?: number;
  /** Gives up early. */
  readonly signal?: AbortSignal;
}

/** Most bytes of an answer. */
const LARGEST_ANSWER = 1024 * 1024;

/**
 * Asks a peer for its reply and stores it with the message. A reply that is signed must be the peer's; one
 * that is not, as of OGP 0.2 and 0.7, is as sure as the connection, and is marked. While everything
 * outgoing is paused, nobody is asked.
 *
 * @param node This gateway.
 * @param message Our message.
 * @param peer Whom it was sent to.
 * @param options Timeout and signal.
 * @returns The reply as stored, or `undefined` if there is none yet.
 * @throws {MeshError} `unavailable` or `timeout` if the peer does not answer, `malformed` if its answer is
 * no reply, `bad_signature`, `wrong_recipient`, `stale_timestamp`, `id_reused`.
 */
export async function pollReply(
  node: OgpNode,
  message: OutgoingMessage,
  peer: OgpPeer,
  { timeoutMs = 5000, signal }: PollOptions = {},
): Promise<Reply | undefined> {
  if (peer.publicKey !== message.to) {
    throw new MeshError("wrong_recipient", "The message was sent to another peer");
  }
  if (await isPaused(node.state.store)) return undefined;
  const url = federationUrl(peer, `reply/${encodeURIComponent(message.nonce)}`);
  if (!url) throw new MeshError("malformed", `Cannot use the URL "${peer.gatewayUrl}"`);
  const { status, body } = await getJson(url, {
    timeoutMs,
    maxBytes: LARGEST_ANSWER,
    ...(signal ? { signal } : {}),
  });
  if (status !== 404 && status !== 200) {
    throw new MeshError("unavailable", `The peer answers with status ${status}`);
  }
  const answer = objectIn(body);
  if (status === 404 || answer?.get("status") === "pending") {
    if (answer?.get("receipt") === "handed") await keepHanded(node, message);
    return undefined;
  }
  const found = answer && replyIn(node, message, peer, answer);
  if (!found) throw new MeshError("malformed", "The peer's answer holds no reply");
  const { reply } = await keepReply(node, message.nonce, found.document, {
    via: "poll",
    signed: found.signed,
  });
  await heardFrom(node, peer.publicKey);
  return reply;
}

/** Nobody signed it, so it is as sure as the connection; it decides nothing. */
async function keepHanded(node: OgpNode, { nonce, receipt }: OutgoingMessage): Promise<void> {
  if (receipt.state !== "accepted") return;
  await node.state.messagesOut.update(nonce, (record) => record && withHanded(record, node.now()));
}

function replyIn(
  node: OgpNode,
  message: OutgoingMessage,
  peer: OgpPeer,
  answer: JsonObject,
): { document: JsonObject; signed: boolean } | undefined {
  const text = answer.get("replyStr");
  const signature = answer.get("signature");
  if (typeof text === "string" && signature !== undefined) {
    // Beside the signed text the answer has a shorter form of the same reply, which is not looked at.
    const body = new JsonObject([["replyStr", text], ["signature", signature]]);
    const signed = signedTextOf(body, { object: "reply", text: "replyStr" });
    return signed && { document: verifiedReply(node, message, peer, signed), signed: true };
  }
  const reply = answer.get("reply");
  return reply instanceof JsonObject ? { document: reply, signed: false } : undefined;
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text, { loneSurrogates: "refuse" });
    return value instanceof JsonObject ? value : undefined;
  } catch {
    return undefined;
  }
}
