/** What `mesh queue show` does. @module */
import { findDelivery } from "../../lib/delivery/find.ts";
import { textOf } from "../../lib/mesh/records.ts";
import { toPlain } from "../../lib/signing/json_plain.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { safeText } from "../terminal.ts";

/**
 * Shows a delivery.
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
  const state = openState(context, flags);
  const { state: standing, entry } = await findDelivery(state, selector);
  const document = await state.messagesOut.get(entry.id);
  terminal.document({ state: standing, ...entry, message: document ?? null });
  const body = document ? toPlain(document.get("body") ?? null) : undefined;
  const rows = [
    ["message", entry.id],
    ["to", entry.to],
    ["state", standing === "dead" ? "given up" : "waiting"],
    ["queued", entry.created_at],
    ["failed attempts", String(entry.attempts)],
    ["next attempt", standing === "dead" ? "none" : entry.next_attempt_at],
    [
      "last failure",
      entry.last_error ? `${entry.last_error.at}: ${entry.last_error.reason}` : "none",
    ],
    ["text", body ? textOf(body as Parameters<typeof textOf>[0]) : "the message is not on disk"],
  ] as const;
  for (const [name, value] of rows) terminal.line(`${name.padEnd(16)} ${safeText(value)}`);
}
