/**
 * What a crash leaves between storing a message and beginning to hand it on.
 *
 * @module
 */
import type { Outbox } from "../../delivery/outbox.ts";
import { approvals } from "../approvals/record.ts";
import { incomingMessageOf } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import type { RequeueOptions } from "../outgoing.ts";
import { handoverId } from "./entry.ts";
import { handoverMarkOf } from "./mark.ts";
import { beginHandover, isUnderWay } from "./plan.ts";

/**
 * Begins again with what was stored to be handed on, or to be asked about, and is neither in the outbox nor
 * before the owner. Looks at the newest records only.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param options How much to look at.
 * @returns The ids of the entries that were written.
 */
export async function requeueHandovers(
  node: OgpNode,
  outbox: Outbox,
  { newest = 10_000, olderThanMs = 0 }: RequeueOptions = {},
): Promise<string[]> {
  const { entries } = await node.state.messagesIn.list({ order: "newest", limit: newest });
  const before = Date.now() - olderThanMs;
  const found: string[] = [];
  for (const { id: name, value, modifiedAt } of entries) {
    const mark = handoverMarkOf(value);
    if (!mark || (olderThanMs > 0 && modifiedAt.getTime() > before)) continue;
    const lost = isUnderWay(mark)
      ? !await isQueued(outbox, handoverId(name))
      : mark.state === "asking" && !await approvals(node.state).has(name);
    const message = lost && incomingMessageOf({ id: name, value });
    if (!message) continue;
    await beginHandover(node, outbox, message, mark);
    if (isUnderWay(mark)) found.push(handoverId(name));
  }
  return found;
}

async function isQueued(outbox: Outbox, id: string): Promise<boolean> {
  return await outbox.entries.has(id) || await outbox.failed.has(id);
}
