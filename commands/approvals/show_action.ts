/** What `mesh approvals show` does. @module */
import { findApproval } from "../../lib/ogp/approvals/find.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { printIncoming, readSenders } from "../ogp/federation/incoming_document.ts";
import { printRows } from "../ogp/federation/peer_words.ts";
import { openGatewayState } from "../ogp/gateway.ts";
import { localTime } from "../text.ts";
import { approvalDocument, senderLabel } from "./approval_document.ts";

/**
 * Shows what waits.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which message.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const found = await findApproval(state, selector);
  const senders = await readSenders(state);
  const { status, expiresAt, decidedAt, nonce } = found.approval;
  terminal.document(approvalDocument(found, senders));
  if (found.message) printIncoming(terminal, found.message, senders);
  else terminal.line(`A message of ${senderLabel(found, senders)}, which is gone.`);
  printRows(terminal, [
    ["decision", status === "pending" ? "waits for you" : status],
    ["until", status === "pending" ? localTime(new Date(expiresAt)) : undefined],
    ["since", decidedAt === undefined ? undefined : localTime(new Date(decidedAt))],
  ]);
  if (status !== "pending" || terminal.json) return;
  terminal.note(`next: mesh approvals allow ${nonce}, or: mesh approvals deny ${nonce}`);
}
