/**
 * What became of a message, for the owner to look at in the log of activity.
 *
 * @module
 */
import type { ActivityOutcome } from "../activity/activity_entry.ts";
import { logActivity } from "../activity/log_activity.ts";
import type { WireMessage } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import { activityLogging } from "../policies/resolve.ts";
import type { OgpPeer } from "../records.ts";

/** What of a message is noted. */
export interface NotedMessage extends Pick<WireMessage, "intent" | "nonce" | "payload"> {
  /** Its topic. */
  readonly topic?: string | undefined;
  /** The level that counted. */
  readonly level?: string | undefined;
}

/**
 * Notes what became of a message about a topic; of others there is nothing to note. Never fails.
 *
 * @param node This gateway.
 * @param message The message.
 * @param peer Whose it is.
 * @param outcome What became of it.
 */
export async function noteActivity(
  node: Pick<OgpNode, "state" | "now">,
  { intent, nonce, payload, topic, level }: NotedMessage,
  { publicKey, alias, displayName }: Pick<OgpPeer, "publicKey" | "alias" | "displayName">,
  outcome: ActivityOutcome,
): Promise<void> {
  if (intent !== "agent-comms") return;
  try {
    const logging = await activityLogging(node.state);
    const { priority, message: text } = payload;
    await logActivity(node.state, {
      direction: "in",
      publicKey,
      name: alias ?? displayName,
      ...{ topic, level, outcome, nonce },
      ...(typeof priority === "string" && priority !== "normal" ? { priority } : {}),
      ...(typeof text === "string" ? { text } : {}),
    }, { logging, now: node.now() });
  } catch {
    // Nothing depends on it.
  }
}
