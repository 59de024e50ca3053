/**
 * Messages that wait for the owner, as `--json` prints them and as people read them.
 *
 * @module
 */
import type { AskedMessage } from "../../lib/ogp/approvals/find.ts";
import { keyId } from "../../lib/ogp/names.ts";
import { incomingDocument, type Senders } from "../ogp/federation/incoming_document.ts";
import { peerLabel } from "../ogp/federation/peer_words.ts";

/**
 * One for programs.
 *
 * @param asked What is asked.
 * @param senders Who is who.
 * @returns The document; without the message's fields if its record is gone.
 */
export function approvalDocument(
  { approval, message }: AskedMessage,
  senders: Senders,
): Record<string, unknown> {
  const { nonce, publicKey, status, askedAt, expiresAt, decidedAt } = approval;
  return {
    nonce,
    status,
    askedAt,
    expiresAt,
    decidedAt,
    publicKey,
    from: senders.get(publicKey)?.id ?? keyId(publicKey),
    ...(message ? { message: incomingDocument(message, senders, false) } : {}),
  };
}

/**
 * Whose message it is.
 *
 * @param asked What is asked.
 * @param senders Who is who.
 * @returns A name, safe to print.
 */
export function senderLabel({ approval }: AskedMessage, senders: Senders): string {
  const sender = senders.get(approval.publicKey);
  return sender ? peerLabel(sender) : keyId(approval.publicKey);
}
