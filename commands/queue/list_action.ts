/** What `mesh queue list` does. @module */
import { type Delivery, listDeliveries } from "../../lib/delivery/find.ts";
import { isOgp, recipientName } from "../../lib/ogp/recipient_name.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { notePause } from "../pause_words.ts";
import { stateDirectory } from "../state_directory.ts";
import { ago } from "../text.ts";

/**
 * Lists deliveries.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const state = openState(context, flags);
  await notePause(terminal, state.store);
  const deliveries = await listDeliveries(state);
  terminal.document(deliveries.map(({ state, entry }) => ({ state, ...entry })));
  if (deliveries.length === 0) {
    terminal.line("Nothing is queued.");
    return;
  }
  const names = await recipients(context, flags, deliveries);
  const columns = ["MESSAGE", "TO", "QUEUED", "FAILED", "NEXT", "REASON"];
  terminal.table(
    columns.map((title) => ({ title })),
    deliveries.map(({ state, entry }, i) => [
      entry.id,
      names[i] ?? entry.to,
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

/** A gateway is known by a name; its key, which the entry holds, tells nobody anything. */
async function recipients(
  context: ActionContext,
  flags: CommonFlags,
  deliveries: readonly Delivery[],
): Promise<string[]> {
  if (!deliveries.some(({ entry }) => isOgp(entry.protocol))) {
    return deliveries.map(({ entry }) => entry.to);
  }
  const { openOgpState } = await import("../../lib/ogp/state.ts");
  const gateways = openOgpState(stateDirectory(flags, context.env));
  return await Promise.all(deliveries.map(({ entry }) => recipientName(gateways, entry)));
}

function due(at: Date): string {
  return at.getTime() <= Date.now() ? "now" : ago(at);
}
