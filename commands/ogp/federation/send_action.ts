/** What `mesh ogp federation send` does. @module */
import type { ActionContext } from "../../define.ts";
import { jsonObjectArgument } from "./json_argument.ts";
import { sendAndReport } from "./sending.ts";
import type { SendFlags } from "./talk.ts";

/**
 * Sends a message.
 *
 * @param context The terminal.
 * @param flags Whether to wait.
 * @param peer Which peer.
 * @param intent What is asked.
 * @param json What is said.
 * @returns The exit code that says how far it got.
 */
export default async function (
  context: ActionContext,
  flags: SendFlags,
  peer: string,
  intent: string,
  json: string,
): Promise<number> {
  const payload = jsonObjectArgument(json, "payload");
  return await sendAndReport(context, flags, peer, { intent, payload });
}
