/**
 * How the outbox hands messages on to the owner's agent. What is written down, in this order: the agent's
 * ticket, if it gives one; the reply, created once; the mark on the message's record; then the entry goes.
 * So after a crash at any point the next attempt has the same id and the same words: an agent that knows
 * ids gets each message once, any other one at least once, and no sender gets two replies.
 *
 * @module
 */
import type { Carrier, Outbox, OutboxEntry, Outcome } from "../../delivery/outbox.ts";
import { SENTENCES } from "../../notify/outcomes.ts";
import { incomingMessageOf } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import { attemptHandover, type HandingOn, type Settled, tellFailure } from "./attempt.ts";
import { HANDOVER_RULES, subjectOf } from "./entry.ts";
import { changeMark, handoverMarkOf, type HandoverState } from "./mark.ts";
import { noteActivity } from "./note.ts";
import { attemptStranger, settleStranger } from "./stranger.ts";
import { OpenTargets } from "./targets.ts";

/** Milliseconds until a conversation is looked at again that another process is busy with. */
const BUSY_WAIT = 2_000;

/**
 * The carrier of handovers.
 *
 * @param node This gateway.
 * @param outboxOf Its outbox, in which replies are queued.
 * @returns The carrier, for the protocol `handover`.
 */
export function handoverCarrier(node: OgpNode, outboxOf: () => Outbox): Carrier {
  const targets = new OpenTargets();
  const at = (): HandingOn => ({ node, outbox: outboxOf(), targets });
  return {
    ...HANDOVER_RULES,
    send: (entry, signal) => send(at(), entry, signal),
    settle: (entry, state, detail) => settle(at(), entry, state, detail),
  };
}

async function send(
  at: HandingOn,
  entry: OutboxEntry,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { node } = at;
  const subject = subjectOf(entry.id);
  if ("stranger" in subject) return await attemptStranger(at, entry, subject.stranger, signal);
  // Several programs may work on one root; an agent gets a conversation's messages one at a time all the same.
  await using turn = await node.state.store.tryClaim(`handover-${entry.to}`);
  if (!turn) {
    const postponedTo = new Date(node.now().getTime() + BUSY_WAIT).toISOString();
    return {
      kind: "retry",
      reason: "Another message of its sender is being handed on",
      postponedTo,
    };
  }
  const record = await node.state.messagesIn.get(subject.message);
  const message = record && incomingMessageOf({ id: subject.message, value: record });
  const mark = record && handoverMarkOf(record);
  if (!message || !mark) {
    return { kind: "refused", reason: "The message is not on disk any more" };
  }
  return await attemptHandover(at, message, mark, signal);
}

async function settle(
  at: HandingOn,
  entry: OutboxEntry,
  state: "queued" | "accepted" | "failed",
  detail: unknown,
): Promise<void> {
  const { state: ogp, now } = at.node;
  const subject = subjectOf(entry.id);
  if ("stranger" in subject) return await settleStranger(at, subject.stranger, state);
  const name = subject.message;
  const time = now().toISOString();
  switch (state) {
    case "queued":
      return await changeMark(ogp, name, () => ({ state: "queued", at: time, again: true }));
    case "accepted": {
      const settled = detail as Settled | undefined;
      if (!settled) return;
      await changeMark(ogp, name, () => ({ state: settled.state, at: time }));
      return await note(at.node, name, settled.state);
    }
    case "failed": {
      const { reason, answer } = detail as { reason?: unknown; answer?: unknown };
      const record = await ogp.messagesIn.get(name);
      const message = record && incomingMessageOf({ id: name, value: record });
      if (!message) return;
      await tellFailure(at, message, typeof answer === "string" ? answer : SENTENCES.refused);
      await changeMark(ogp, name, () => ({
        state: "failed",
        at: time,
        ...(typeof reason === "string" ? { reason } : {}),
      }));
      return await note(at.node, name, "failed");
    }
  }
}

/** The log of activity is for the owner; what became of the message is on its record. */
async function note(node: OgpNode, name: string, state: HandoverState): Promise<void> {
  if (state !== "handed" && state !== "replied" && state !== "declined" && state !== "failed") {
    return;
  }
  const value = await node.state.messagesIn.get(name);
  const message = value && incomingMessageOf({ id: name, value });
  if (!message) return;
  const peer = await node.index.get(message.publicKey);
  if (!peer) return;
  await noteActivity(node, { ...message, level: message.handover?.level }, peer, state);
}
