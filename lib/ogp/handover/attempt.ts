/**
 * One attempt at handing a message on: to whom it goes, what came of it, and the reply that this makes.
 *
 * @module
 */
import type { Outbox, Outcome } from "../../delivery/outbox.ts";
import { codeOf, MeshError, messageOf } from "../../error.ts";
import type { HandoverOptions, HandoverOutcome } from "../../notify/handover.ts";
import { SENTENCES } from "../../notify/outcomes.ts";
import type { IncomingMessage } from "../incoming.ts";
import { runHandler } from "../intents/handler.ts";
import type { OgpNode } from "../node.ts";
import type { OgpPeer } from "../records.ts";
import { type Answer, answerMessage } from "../replies.ts";
import { declined } from "./declining.ts";
import { changeMark, type HandoverMark, type HandoverState } from "./mark.ts";
import { handoverOf } from "./message.ts";
import { type Destination, destinationOf, type OpenTargets } from "./targets.ts";

/** What an attempt works with. */
export interface HandingOn {
  /** This gateway. */
  readonly node: OgpNode;
  /** Where replies are queued. */
  readonly outbox: Outbox;
  /** Targets that are open. */
  readonly targets: OpenTargets;
}

/** What of a message is settled, for its record. */
export interface Settled {
  /** How far it got. */
  readonly state: HandoverState;
}

/**
 * Makes an attempt.
 *
 * @param at What it works with.
 * @param message The message.
 * @param mark How far it got before.
 * @param signal Interrupts it.
 * @returns What came of it; an `accepted` one carries a {@link Settled}, a `refused` one the sentence for
 * the peer.
 */
export async function attemptHandover(
  at: HandingOn,
  message: IncomingMessage,
  mark: HandoverMark,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { node } = at;
  const settled = settledBefore(mark);
  if (settled) return settled;
  // The owner answered by hand, or a crash came between the reply and the mark.
  if (!mark.again && await node.state.replies.has(message.name)) return done("replied");
  const peer = await node.index.get(message.publicKey);
  if (peer?.status !== "approved") {
    return { kind: "refused", reason: "The federation with its sender was ended" };
  }
  if (mark.level === "deny") {
    return await reply(at, message, declined(), "declined");
  }
  const destination = await lookUp(node, message, peer);
  if (destination.kind === "retry") return destination;
  if (destination.kind === "none") return done("stored");
  const outcome = await handOn(at, message, mark, peer, destination, signal);
  switch (outcome.kind) {
    case "handed":
      return done("handed");
    case "replied": {
      const { success, data, error } = outcome;
      // Who was told that it failed is not told anything else any more.
      const state = mark.again ? "handed" : "replied";
      return await reply(at, message, { success, data, error }, state);
    }
    case "retry": {
      const { reason, retryAfter } = outcome;
      return { kind: "retry", reason, ...(retryAfter === undefined ? {} : { retryAfter }) };
    }
    case "failed":
      return { kind: "refused", reason: outcome.reason, answer: outcome.sentence };
  }
}

/**
 * Tells a message's sender that it was given up, unless something was replied already.
 *
 * @param at What it works with.
 * @param message The message.
 * @param sentence One sentence, without anything of the owner's.
 */
export async function tellFailure(
  { node, outbox }: Pick<HandingOn, "node" | "outbox">,
  message: IncomingMessage,
  sentence: string,
): Promise<void> {
  try {
    await answerMessage(node, outbox, message, { success: false, error: sentence }, {
      later: true,
    });
  } catch (error) {
    // It was answered before, or its sender is a peer no more: then nobody waits.
    if (!["exists", "not_trusted"].includes(codeOf(error))) throw error;
  }
}

/** What a crash left behind after all was done, but for the entry. */
function settledBefore({ state, ticket, reason }: HandoverMark): Outcome | undefined {
  switch (state) {
    case "queued":
      return undefined;
    case "handed":
      return ticket === undefined ? done() : undefined;
    case "failed":
      return { kind: "refused", reason: reason ?? "It was given up before" };
    default:
      return done();
  }
}

/** A configuration that cannot be read is the owner's to mend; until then nothing is lost. */
async function lookUp(
  { state }: OgpNode,
  message: IncomingMessage,
  peer: OgpPeer,
): Promise<Destination | Extract<Outcome, { kind: "retry" }>> {
  try {
    return await destinationOf(state, message, peer);
  } catch (error) {
    if (codeOf(error) !== "config_invalid") throw error;
    return { kind: "retry", reason: messageOf(error), ownFault: true };
  }
}

async function handOn(
  { node, targets }: HandingOn,
  message: IncomingMessage,
  { level, ticket }: HandoverMark,
  peer: OgpPeer,
  destination: Exclude<Destination, { kind: "none" }>,
  signal: AbortSignal | undefined,
): Promise<HandoverOutcome> {
  const answered = destination.kind === "handler" || destination.answers;
  const handover = await handoverOf(message, { peer, level, answered });
  const options: HandoverOptions = {
    signal,
    ticket,
    onHanded: (ticket) =>
      changeMark(node.state, message.name, ({ again }) => ({
        state: "handed",
        at: node.now().toISOString(),
        ticket,
        again,
      })),
  };
  try {
    if (destination.kind === "handler") {
      return await runHandler(destination.intent, handover, message, options);
    }
    const target = await targets.get(destination.config);
    return await target.handOn(handover, options);
  } catch (error) {
    // A disk that fails is no attempt; anything else must not hold its conversation up for ever.
    if (error instanceof MeshError) throw error;
    return { kind: "retry", reason: `Handing it on went wrong: ${messageOf(error)}` };
  }
}

/** Makes the reply; one that cannot travel is replaced by a sentence that can. */
async function reply(
  { node, outbox }: HandingOn,
  message: IncomingMessage,
  answer: Answer,
  state: HandoverState,
): Promise<Outcome> {
  try {
    await answerMessage(node, outbox, message, answer, { later: true });
    return done(state);
  } catch (error) {
    switch (codeOf(error)) {
      case "exists":
        return done(state);
      case "not_trusted":
        return { kind: "refused", reason: messageOf(error) };
      case "too_large":
        return {
          kind: "refused",
          reason: "The agent's answer is larger than a reply can be",
          answer: SENTENCES.answerTooLarge,
        };
      case "malformed":
        return {
          kind: "refused",
          reason: `The agent's answer cannot be sent: ${messageOf(error)}`,
          answer: SENTENCES.unreadable,
        };
      default:
        throw error;
    }
  }
}

function done(state?: HandoverState): Outcome {
  return { kind: "accepted", answer: state === undefined ? undefined : { state } };
}
