/** What `mesh reject-request` does. @module */
import { rejectContact } from "../lib/mesh/decisions.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { openState } from "./node.ts";
import { agentName } from "./text.ts";
import { safeText } from "./terminal.ts";

/**
 * Rejects a request.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which request.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  const { request } = await rejectContact({ state: openState(context, flags) }, selector);
  terminal.document({ ok: true, rejected: request.request_id });
  terminal.line(
    `Rejected ${request.request_id} of ${safeText(agentName(request.from))}. Nothing was sent.`,
  );
}
