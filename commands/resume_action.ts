/** What `mesh resume` does. @module */
import { listDeliveries } from "../lib/delivery/find.ts";
import { resume } from "../lib/delivery/pause.ts";
import { listRunning } from "../lib/run/run_file.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { openState } from "./node.ts";

/**
 * Lets everything outgoing go on.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const state = openState(context, flags);
  const wasPaused = await resume(state.store);
  if (wasPaused) await state.audit.decision({ event: "delivery.resumed" });
  const waiting = (await listDeliveries(state)).filter(({ state }) => state === "waiting").length;
  terminal.document({ ok: true, paused: false, was_paused: wasPaused, waiting });
  terminal.line(wasPaused ? "Everything goes out again." : "Nothing was paused.");
  if (terminal.json || waiting === 0) return;
  const daemon = (await listRunning(state.root)).length > 0;
  const things = waiting === 1 ? "1 delivery waits" : `${waiting} deliveries wait`;
  terminal.note(
    daemon
      ? `${things}; the daemon sends what is due.`
      : `${things}, and no daemon runs here: mesh queue retry`,
  );
}
