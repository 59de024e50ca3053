/**
 * Telling the owner's agent that a stranger asks for federation: one fixed sentence with the fingerprint
 * and the command to approve it. Once for each key, and a few times an hour in all: strangers cost nothing
 * to make.
 *
 * @module
 */
import { z } from "zod";
import type { Outbox, OutboxEntry, Outcome } from "../../delivery/outbox.ts";
import { codeOf } from "../../error.ts";
import { jsonCodec } from "../../store/json_codec.ts";
import type { Collection } from "../../store/store.ts";
import type { OgpNode } from "../node.ts";
import { type OgpState, peerName } from "../state.ts";
import type { HandingOn } from "./attempt.ts";
import { HANDOVER_PROTOCOL, strangerId } from "./entry.ts";
import { strangerHandover } from "./message.ts";
import { strangersDestination } from "./targets.ts";

/** How often the agent is told, whoever asks. */
const RATE = { requests: 5, windowSeconds: 3600 };

/** Where the rate is counted. */
const RATE_NAME = "strangers.told";

/** That the agent was told of a key. */
interface Told {
  /** When, ISO 8601. */
  readonly at: string;
}

const toldShape = z.looseObject({ at: z.string().max(40) }) as { parse(value: unknown): Told };

/**
 * Queues what the agent is to be told of: requests that wait for the owner, each once. What is over the
 * rate is queued when this is called later.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @returns How many were queued.
 */
export async function tellOfStrangers(node: OgpNode, outbox: Outbox): Promise<number> {
  const { state } = node;
  const { kind } = await strangersDestination(state);
  if (kind === "none") return 0;
  const { entries } = await state.requestsIn.list();
  const pending = entries.map(({ value }) => value).filter(({ status }) => status === "pending")
    .sort((a, b) => a.receivedAt < b.receivedAt ? -1 : 1);
  let queued = 0;
  for (const { publicKey } of pending) {
    const id = strangerId(publicKey);
    if (await toldOf(state).has(peerName(publicKey))) continue;
    if (await outbox.entries.has(id) || await outbox.failed.has(id)) continue;
    if (!(await node.rates.take(RATE_NAME, RATE, node.now())).ok) break;
    await outbox.add(id, HANDOVER_PROTOCOL, "strangers");
    queued++;
  }
  return queued;
}

/**
 * Makes an attempt at telling of one.
 *
 * @param at What it works with.
 * @param entry The entry.
 * @param name The stranger's `peerName`.
 * @param signal Interrupts it.
 * @returns What came of it; also done if the request does not wait any more.
 */
export async function attemptStranger(
  { node, targets }: HandingOn,
  entry: OutboxEntry,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { state } = node;
  const request = await state.requestsIn.get(name);
  const done: Outcome = { kind: "accepted", answer: undefined };
  if (request?.status !== "pending" || await toldOf(state).has(name)) return done;
  try {
    const destination = await strangersDestination(state);
    if (destination.kind !== "target") return done;
    const target = await targets.get(destination.config);
    const handover = await strangerHandover(entry.id, request.publicKey, request.receivedAt);
    const outcome = await target.handOn(handover, { signal });
    switch (outcome.kind) {
      case "handed":
      case "replied":
        return done;
      case "retry": {
        const { reason, retryAfter } = outcome;
        return { kind: "retry", reason, ...(retryAfter === undefined ? {} : { retryAfter }) };
      }
      case "failed":
        return { kind: "refused", reason: outcome.reason };
    }
  } catch (error) {
    if (codeOf(error) !== "config_invalid") throw error;
    return { kind: "retry", reason: "The configuration cannot be read", ownFault: true };
  }
}

/**
 * Writes down that the agent was told, or cannot be.
 *
 * @param at What it works with.
 * @param name The stranger's `peerName`.
 * @param state What became of the entry.
 */
export async function settleStranger(
  { node }: HandingOn,
  name: string,
  state: "queued" | "accepted" | "failed",
): Promise<void> {
  if (state === "accepted") {
    await toldOf(node.state).create(name, { at: node.now().toISOString() });
  }
}

function toldOf(state: Pick<OgpState, "store">): Collection<Told> {
  return state.store.collection("ogp/requests/told", jsonCodec(toldShape));
}
