/** What `mesh approvals deny` does. @module */
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { decideAndSay } from "./decide.ts";

/**
 * Declines a message.
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
  await decideAndSay(
    context,
    flags,
    selector,
    "denied",
    (sender) => `Denied: ${sender} gets a polite no.`,
  );
}
