/** What `mesh approvals list` does. @module */
import { listApprovals } from "../../lib/ogp/approvals/find.ts";
import type { ActionContext } from "../define.ts";
import { readSenders } from "../ogp/federation/incoming_document.ts";
import { payloadText } from "../ogp/federation/message_words.ts";
import { openGatewayState } from "../ogp/gateway.ts";
import { safeText } from "../terminal.ts";
import { localTime } from "../text.ts";
import { approvalDocument, senderLabel } from "./approval_document.ts";
import type { ListFlags } from "./commands.ts";

/** Characters of a message that the list shows. */
const SHOWN = 50;

/**
 * Lists what waits.
 *
 * @param context The terminal.
 * @param flags Which ones.
 */
export default async function (context: ActionContext, flags: ListFlags): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const found = await listApprovals(state, flags.all);
  const senders = await readSenders(state);
  terminal.document(found.map((one) => approvalDocument(one, senders)));
  if (found.length === 0) {
    terminal.line(flags.all ? "Nothing was asked." : "Nothing waits for you.");
    return;
  }
  const titles = ["MESSAGE", "FROM", "TOPIC", "ASKED", "DECISION", "SAYS"];
  terminal.table(
    titles.map((title) => ({ title })),
    found.map((one) => [
      safeText(one.approval.nonce.slice(0, 13)),
      senderLabel(one, senders),
      safeText(one.message?.topic ?? ""),
      localTime(new Date(one.approval.askedAt)),
      one.approval.status === "pending"
        ? `until ${localTime(new Date(one.approval.expiresAt))}`
        : one.approval.status,
      beginningOf(one.message?.payload),
    ]),
  );
  const waiting = found.find(({ approval }) => approval.status === "pending");
  if (!waiting || terminal.json) return;
  terminal.note(`next: mesh approvals show ${safeText(waiting.approval.nonce)}`);
}

function beginningOf(payload: unknown): string {
  if (payload === undefined) return "(the message is gone)";
  const text = safeText(payloadText(payload).slice(0, 4 * SHOWN)).replace(/\s+/g, " ").trim();
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1).toWellFormed()}…`;
}
