/** What `mesh ogp federation agent` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { AGENT_COMMS } from "../../../lib/ogp/scopes.ts";
import { JsonObject } from "../../../lib/signing/json.ts";
import type { ActionContext } from "../../define.ts";
import { sendAndReport } from "./sending.ts";
import type { AgentFlags } from "./talk.ts";
import { textOrStdin } from "./text_argument.ts";

/**
 * Writes to a peer's agent.
 *
 * @param context The terminal.
 * @param flags Priority, conversation, whether to wait.
 * @param peer Which peer.
 * @param topic What it is about.
 * @param message What to say.
 * @returns The exit code that says how far it got.
 */
export default async function (
  context: ActionContext,
  flags: AgentFlags,
  peer: string,
  topic: string,
  message?: string,
): Promise<number> {
  if (topic.trim() === "") throw new MeshError("usage", "The topic is empty");
  const hint = `mesh ogp federation agent ${peer} ${topic} "…", or pipe it in`;
  const text = await textOrStdin(message, hint);
  const payload = new JsonObject([
    ["topic", topic],
    ["message", text],
    ["priority", flags.priority],
  ]);
  return await sendAndReport(context, flags, peer, {
    intent: AGENT_COMMS,
    payload,
    ...(flags.conversation === undefined ? {} : { conversationId: flags.conversation }),
  });
}
