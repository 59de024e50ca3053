/**
 * How much the owner wants said about a message.
 *
 * @module
 */
import { topicOf, type WireMessage } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import { noteActivity } from "./note.ts";
import type { Level } from "../policies/level.ts";
import { resolve } from "../policies/resolve.ts";
import { rejection } from "../policies/topic_rejected.ts";
import type { OgpPeer } from "../records.ts";

/**
 * The policy level of a message. Policies are about topics, and only `agent-comms` has some.
 *
 * @param node This gateway.
 * @param message The message.
 * @param peer Whose it is.
 * @returns The level, but never `off`; nothing for intents without topics.
 * @throws {TopicRejected} if the level is `off`.
 */
export async function levelFor(
  node: OgpNode,
  message: WireMessage,
  peer: OgpPeer,
): Promise<Exclude<Level, "off"> | undefined> {
  const topic = topicOf(message);
  if (topic === undefined) return undefined;
  const { level } = await resolve(node, peer.publicKey, topic);
  if (level !== "off") return level;
  await noteActivity(node, { ...message, topic, level }, peer, "rejected");
  throw rejection(node, topic);
}
