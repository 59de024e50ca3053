/** What `mesh queue drop` does. @module */
import { findDelivery } from "../../lib/delivery/find.ts";
import { MeshError } from "../../lib/error.ts";
import { meshOutbox } from "../../lib/mesh/outgoing.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openNode } from "../node.ts";
import { safeText } from "../terminal.ts";

/**
 * Gives a delivery up.
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
  const node = await openNode(context, flags);
  const { entry } = await findDelivery(node.state, selector);
  const result = await meshOutbox(node).drop(entry.id, "dropped by the owner");
  if (result === "busy") {
    throw new MeshError("locked", `"${entry.id}" is being delivered right now`, {
      hint: "try again in a few seconds",
    });
  }
  terminal.document({ ok: true, dropped: entry.id });
  terminal.line(
    `Dropped ${entry.id} to ${safeText(entry.to)}. The message stays in messages/outgoing.`,
  );
}
