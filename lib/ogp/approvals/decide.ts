/**
 * The owner's decision about a message: written down first, one wins, and then carried out; what a crash
 * leaves between the two is carried out by the next daemon.
 *
 * @module
 */
import type { Outbox } from "../../delivery/outbox.ts";
import { codeOf, MeshError } from "../../error.ts";
import { declined, undecided } from "../handover/declining.ts";
import { HANDOVER_PROTOCOL, handoverId, laneOf } from "../handover/entry.ts";
import { changeMark, handoverMarkOf } from "../handover/mark.ts";
import { noteActivity } from "../handover/note.ts";
import { type IncomingMessage, incomingMessageOf } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import { answerMessage } from "../replies.ts";
import { type Approval, approvals, DECISION_KEPT } from "./record.ts";

/** Milliseconds in which a decision is looked at again: its program may have been killed. */
const RECENT = 3_600_000;

/** What an owner says. */
export type Decision = "allowed" | "denied";

/**
 * Decides about a message, and carries it out.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param name The name of the message's record.
 * @param decision What the owner says.
 * @returns The decision as stored.
 * @throws {MeshError} `not_found` if nothing waits under this name, `exists` if it was decided before.
 */
export async function decide(
  node: OgpNode,
  outbox: Outbox,
  name: string,
  decision: Decision,
): Promise<Approval> {
  const approval = await approvals(node.state).get(name);
  if (!approval) throw gone();
  if (approval.status !== "pending") throw settledBefore(approval);
  const { nonce, publicKey } = approval;
  const event = decision === "allowed" ? "ogp.message.allowed" : "ogp.message.denied";
  await node.state.audit.decision({ event, nonce, publicKey });
  const stored = await settle(node, name, decision);
  if (stored?.status !== decision) throw stored ? settledBefore(stored) : gone();
  await carryOut(node, outbox, name, stored);
  return stored;
}

/**
 * Looks after what was asked: decides what nobody decided in time, carries out what was decided and not
 * carried out, forgets what was decided long ago.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param all Whether also decisions of long ago are looked at, such as at the start.
 * @returns The messages whose time is over.
 */
export async function lookAfterApprovals(
  node: OgpNode,
  outbox: Outbox,
  all = true,
): Promise<string[]> {
  const records = approvals(node.state);
  const now = node.now().getTime();
  const expired: string[] = [];
  for (const { id: name, value } of (await records.list()).entries) {
    let approval: Approval | undefined = value;
    if (approval.status === "pending") {
      if (now < Date.parse(approval.expiresAt)) continue;
      approval = await settle(node, name, "expired");
      if (approval?.status === "expired") expired.push(name);
    }
    if (!approval || approval.status === "pending") continue;
    const since = Date.parse(approval.decidedAt ?? "") || 0;
    if (all || now < since + RECENT) await carryOut(node, outbox, name, approval);
    if (now > since + DECISION_KEPT) await records.delete(name);
  }
  return expired;
}

async function settle(
  node: OgpNode,
  name: string,
  status: Exclude<Approval["status"], "pending">,
): Promise<Approval | undefined> {
  const decidedAt = node.now().toISOString();
  return await approvals(node.state).update(
    name,
    (approval) => approval?.status === "pending" ? { ...approval, status, decidedAt } : undefined,
  );
}

/** Does nothing where it was done before: the mark on the message says so. */
async function carryOut(
  node: OgpNode,
  outbox: Outbox,
  name: string,
  { status }: Approval,
): Promise<void> {
  const record = await node.state.messagesIn.get(name);
  const message = record && incomingMessageOf({ id: name, value: record });
  if (!record || !message || handoverMarkOf(record)?.state !== "asking") return;
  const at = node.now().toISOString();
  if (status === "allowed") {
    await changeMark(
      node.state,
      name,
      ({ state }) => state === "asking" ? { state: "queued", at } : undefined,
    );
    await outbox.add(handoverId(name), HANDOVER_PROTOCOL, await laneOf(message));
    return await note(node, message, "allowed");
  }
  await decline(node, outbox, message, status === "denied");
  await changeMark(
    node.state,
    name,
    ({ state }) => state === "asking" ? { state: "declined", at } : undefined,
  );
  await note(node, message, "declined");
}

async function note(
  node: OgpNode,
  message: IncomingMessage,
  outcome: "allowed" | "declined",
): Promise<void> {
  const peer = await node.index.get(message.publicKey);
  if (peer) await noteActivity(node, { ...message, level: message.handover?.level }, peer, outcome);
}

async function decline(
  node: OgpNode,
  outbox: Outbox,
  message: IncomingMessage,
  byOwner: boolean,
): Promise<void> {
  try {
    const answer = byOwner ? declined() : undecided();
    await answerMessage(node, outbox, message, answer, { later: true });
  } catch (error) {
    // The owner answered by hand, or its sender is a peer no more.
    if (!["exists", "not_trusted"].includes(codeOf(error))) throw error;
  }
}

function gone(): MeshError {
  return new MeshError("not_found", "This message does not wait for a decision", {
    hint: "mesh approvals list",
  });
}

function settledBefore({ status, decidedAt }: Approval): MeshError {
  const when = decidedAt === undefined ? "" : ` at ${decidedAt}`;
  return new MeshError("exists", `This was decided before: it is ${status}${when}`, {
    hint: "mesh approvals list --all",
  });
}
