/** What `mesh queue drop` does. @module */
import { findDelivery } from "../../lib/delivery/find.ts";
import { MeshError } from "../../lib/error.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openRoot } from "../root_nodes.ts";
import { safeText } from "../terminal.ts";
import { recipientName } from "../../lib/ogp/recipient_name.ts";
import { whereItStays } from "./words.ts";

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
  using root = await openRoot(context, flags);
  const { entry } = await findDelivery(root.mesh.state, selector);
  const to = await recipientName(root.ogp?.state, entry);
  const result = await root.outbox.drop(entry.id, "dropped by the owner");
  if (result === "busy") {
    throw new MeshError("locked", `"${entry.id}" is being delivered right now`, {
      hint: "try again in a few seconds",
    });
  }
  terminal.document({ ok: true, dropped: entry.id });
  terminal.line(`Dropped ${entry.id} to ${safeText(to)}. ${whereItStays(entry)}`);
}
