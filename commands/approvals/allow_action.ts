/** What `mesh approvals allow` does. @module */
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { decideAndSay } from "./decide.ts";

/**
 * Lets a message through.
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
    "allowed",
    (sender) => `Allowed: your agent gets the message of ${sender}.`,
  );
}
