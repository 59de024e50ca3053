/**
 * Replies that peers bring to our gateway: only to a message of ours, only signed by the peer that it was
 * sent to, stored before they are acknowledged.
 *
 * @module
 */
import { httpStatusOf, MeshError } from "../error.ts";
import { readDocument } from "../signing/read_document.ts";
import { heardFrom } from "./health.ts";
import type { OgpNode } from "./node.ts";
import { outgoingMessageOf } from "./outgoing_record.ts";
import { keepReply, verifiedReply } from "./received_reply.ts";
import { type SignedText, signedTextOf } from "./signed_text.ts";

/** Where a reply came from, beside what it says itself. */
export interface ReceiveReplyOptions {
  /** The address that it came from. */
  readonly source?: string;
}

/**
 * Takes a reply in.
 *
 * @param node This gateway.
 * @param nonce The nonce in the URL.
 * @param bytes The body as received.
 * @param options Origin.
 * @returns `known` if the same reply was stored before: it is acknowledged again, and nothing else.
 * @throws {MeshError} `malformed`, also for an unsigned reply; `not_found`, `not_trusted`,
 * `bad_signature`, `wrong_recipient`, `stale_timestamp`; `id_reused` if something else was replied before.
 * Written to the audit log.
 */
export async function receiveReply(
  node: OgpNode,
  nonce: string,
  bytes: Uint8Array,
  { source }: ReceiveReplyOptions = {},
): Promise<{ state: "new" | "known" }> {
  const signed = signedTextOf(readDocument(bytes), { object: "reply", text: "replyStr" });
  if (!signed) throw new MeshError("malformed", "Missing reply or signature");
  try {
    const { state } = await keepVerified(node, nonce, signed);
    return { state };
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      const event = "ogp.reply.refused";
      await node.state.audit.refusal({ event, code: error.code, nonce, source });
    }
    throw error;
  }
}

async function keepVerified(
  node: OgpNode,
  nonce: string,
  signed: SignedText,
): Promise<{ state: "new" | "known" }> {
  const record = await node.state.messagesOut.get(nonce);
  if (!record) throw new MeshError("not_found", "There is no message of ours with this nonce");
  const message = outgoingMessageOf(nonce, record);
  const peer = await node.index.get(message.to);
  if (peer?.status !== "approved") throw new MeshError("not_trusted", "Peer not approved");
  const reply = verifiedReply(node, message, peer, signed);
  const kept = await keepReply(node, nonce, reply, { via: "callback", signed: true });
  await heardFrom(node, peer.publicKey);
  return kept;
}
