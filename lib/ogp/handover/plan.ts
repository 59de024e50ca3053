/**
 * What becomes of a message after it is stored: decided before that, so that the record says it from the
 * beginning; and begun after that.
 *
 * @module
 */
import type { Outbox } from "../../delivery/outbox.ts";
import { codeOf, MeshError } from "../../error.ts";
import { askOwner, assertRoomToAsk } from "../approvals/ask.ts";
import { type IncomingMessage, topicOf, type WireMessage } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import { isProjectIntent } from "../projects/project_intents.ts";
import type { OgpPeer } from "../records.ts";
import { canBeQueued, HANDOVER_PROTOCOL, handoverId, laneOf } from "./entry.ts";
import type { HandoverMark, HandoverState } from "./mark.ts";
import { levelFor } from "./level.ts";
import { destinationOf } from "./targets.ts";

/** A message before it is stored. */
export type NewMessage = WireMessage & Pick<IncomingMessage, "name">;

/**
 * Decides what becomes of a message.
 *
 * @param node This gateway.
 * @param message The message.
 * @param peer Whose it is.
 * @returns The mark for its record, or `undefined` if it is only stored.
 * @throws {MeshError} `refused` if the owner's policy for its topic is `off`, `malformed` for a nonce that is too long to be queued under, `rate_limited` if too
 * many of the peer's messages wait for the owner.
 */
export async function planHandover(
  node: OgpNode,
  message: NewMessage,
  peer: OgpPeer,
): Promise<HandoverMark | undefined> {
  // What is asked about projects, the gateway answers itself.
  if (isProjectIntent(message.intent)) return undefined;
  const level = await levelFor(node, message, peer);
  const state = await stateFor(node, message, peer, level);
  if (state === undefined) return undefined;
  if (state !== "stored" && !canBeQueued(message.name)) {
    throw new MeshError("malformed", "The nonce is too long");
  }
  if (state === "asking") await assertRoomToAsk(node.state, peer.publicKey);
  return { state, at: node.now().toISOString(), ...(level === undefined ? {} : { level }) };
}

/**
 * Begins with what was decided: writes the entry, or asks the owner. Beginning again changes nothing.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param message The message, stored.
 * @param mark The mark on its record.
 */
export async function beginHandover(
  node: Pick<OgpNode, "state">,
  outbox: Outbox,
  message: IncomingMessage,
  mark: HandoverMark,
): Promise<void> {
  if (mark.state === "asking") await askOwner(node, message);
  if (!isUnderWay(mark)) return;
  const id = handoverId(message.name);
  if (await outbox.failed.has(id)) return;
  await outbox.add(id, HANDOVER_PROTOCOL, await laneOf(message));
}

/**
 * Whether a message ought to have an entry in the outbox.
 *
 * @param mark The mark on its record.
 * @returns `false` where the owner is asked, or all is done.
 */
export function isUnderWay({ state, ticket }: HandoverMark): boolean {
  return state === "queued" || (state === "handed" && ticket !== undefined);
}

async function stateFor(
  { state }: OgpNode,
  message: NewMessage,
  peer: OgpPeer,
  level: string | undefined,
): Promise<Extract<HandoverState, "queued" | "asking" | "stored"> | undefined> {
  if (level === "escalate") return "asking";
  if (level === "deny") return "queued";
  try {
    const { intent } = message;
    const { kind } = await destinationOf(state, { intent, topic: topicOf(message) }, peer);
    // That there is nobody to hand it to is only worth a word where there is a level to remember.
    return kind !== "none" ? "queued" : level === undefined ? undefined : "stored";
  } catch (error) {
    if (codeOf(error) !== "config_invalid") throw error;
    // Whoever mends the configuration gets what came meanwhile.
    return "queued";
  }
}
