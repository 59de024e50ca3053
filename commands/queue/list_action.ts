/** What `mesh queue list` does. @module */
import { listDeliveries } from "../../lib/delivery/find.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { ago } from "../text.ts";

/**
 * Lists deliveries.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const deliveries = await listDeliveries(openState(context, flags));
  terminal.document(deliveries.map(({ state, entry }) => ({ state, ...entry })));
  if (deliveries.length === 0) {
    terminal.line("Nothing is queued.");
    return;
  }
  const columns = ["MESSAGE", "TO", "QUEUED", "FAILED", "NEXT", "REASON"];
  terminal.table(
    columns.map((title) => ({ title })),
    deliveries.map(({ state, entry }) => [
      entry.id,
      entry.to,
      ago(new Date(entry.created_at)),
      String(entry.attempts),
      state === "dead" ? "given up" : due(new Date(entry.next_attempt_at)),
      entry.last_error?.reason ?? "",
    ]),
  );
  if (deliveries.some(({ state }) => state === "dead") && !terminal.json) {
    terminal.note("next: mesh queue retry MESSAGE, or: mesh queue drop MESSAGE");
  }
}

function due(at: Date): string {
  return at.getTime() <= Date.now() ? "now" : ago(at);
}
