/**
 * Deciding about a message, by either command.
 *
 * @module
 */
import { decide, type Decision } from "../../lib/ogp/approvals/decide.ts";
import { type AskedMessage, findApproval } from "../../lib/ogp/approvals/find.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { readSenders } from "../ogp/federation/incoming_document.ts";
import { isDaemonRunning } from "../ogp/federation/telling.ts";
import { gatewayOutbox, openGateway } from "../ogp/gateway.ts";
import { approvalDocument, senderLabel } from "./approval_document.ts";

/**
 * Decides, and says so.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which message.
 * @param decision What is decided.
 * @param said The sentence about it, given the sender's name.
 */
export async function decideAndSay(
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
  decision: Decision,
  said: (sender: string, asked: AskedMessage) => string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const asked = await findApproval(node.state, selector);
  const approval = await decide(node, gatewayOutbox(node), asked.name, decision);
  const senders = await readSenders(node.state);
  terminal.document({ ok: true, ...approvalDocument({ ...asked, approval }, senders) });
  terminal.line(said(senderLabel(asked, senders), asked));
  if (terminal.json || await isDaemonRunning(node.state.root)) return;
  terminal.note("No daemon runs here that does it: mesh ogp start, or mesh queue retry");
}
