/**
 * Asking a peer about its projects, and telling it something for one. A question is asked once: if it
 * cannot be answered now, nobody waits for the answer later, and nothing stays in the outbox. What is
 * contributed stays there until the peer has it.
 *
 * @module
 */
import type { Attempt, Outbox } from "../../delivery/outbox.ts";
import { codeOf, MeshError, messageOf } from "../../error.ts";
import type { OgpNode } from "../node.ts";
import { sendOgpMessage } from "../outgoing.ts";
import { findOutgoing } from "../outgoing_record.ts";
import type { OgpPeer } from "../records.ts";

/** What came of asking. */
export type Asked =
  | { readonly state: "answered"; readonly nonce: string; readonly answer: unknown }
  /** The peer said no, in its own words. */
  | {
    readonly state: "refused";
    readonly nonce: string;
    readonly reason: string;
    readonly status?: number | undefined;
  }
  /** It did not get there. `kept`: it is in the outbox, and tried again. */
  | {
    readonly state: "unreachable";
    readonly nonce?: string | undefined;
    readonly reason: string;
    readonly kept: boolean;
    readonly nextAttemptAt?: string | undefined;
  };

/** What to ask. */
export interface Question {
  /** What is asked, such as `project.status`. */
  readonly intent: string;
  /** The project. */
  readonly projectId: string;
  /** What else is said. */
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  /** Whether it stays in the outbox until the peer has it. Default `false`. */
  readonly keep?: boolean;
  /** Which of the peer's agents it is for. */
  readonly toAgent?: string | undefined;
}

/**
 * Asks a peer. Takes as long as one delivery: 15 s for a gateway that hangs, nothing for one that has
 * failed several times before.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param peer Whom to ask.
 * @param question What to ask.
 * @returns What came of it.
 * @throws {MeshError} `not_trusted`, `malformed`, `too_large` for what cannot be asked at all,
 * `rate_limited` if the day's budget with this peer is spent.
 */
export async function askPeer(
  node: OgpNode,
  outbox: Outbox,
  peer: OgpPeer,
  { intent, projectId, payload, keep = false, toAgent }: Question,
): Promise<Asked> {
  const nonce = crypto.randomUUID();
  const options = {
    ...{ nonce, intent, projectId, payload: { projectId, ...payload } },
    replyBy: "none" as const,
    ...(toAgent === undefined ? {} : { toAgent }),
  };
  let attempt: Attempt;
  try {
    ({ attempt } = await sendOgpMessage(node, outbox, peer, options));
  } catch (error) {
    // Such as an answer that is too large to be stored: it would be so the next time, too.
    if (!keep) await outbox.drop(nonce, messageOf(error)).catch(() => "busy");
    throw error;
  }
  const asked = await readAttempt(node, nonce, attempt);
  if (keep || asked.state === "answered") return asked;
  // Whoever is busy with it right now settles it; it does no harm.
  await outbox.drop(nonce, asked.reason);
  return asked.state === "unreachable" ? { ...asked, kept: false } : asked;
}

/**
 * Asks a peer among others: a failure of this one is an answer, too.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param peer Whom to ask.
 * @param question What to ask.
 * @returns What came of it; also what `askPeer` would throw.
 */
export async function tryAskPeer(
  node: OgpNode,
  outbox: Outbox,
  peer: OgpPeer,
  question: Question,
): Promise<Asked> {
  try {
    return await askPeer(node, outbox, peer, question);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { state: "unreachable", reason: error.message, kept: false };
  }
}

/**
 * What came of asking, for who has to have the answer.
 *
 * @param asked What came of it.
 * @param name Whom was asked, for the error.
 * @returns The answer.
 * @throws {MeshError} `refused` or `unavailable`; `not_found` if there is no such project at the peer.
 */
export function answerOf(asked: Asked, name: string): unknown {
  if (asked.state === "answered") return asked.answer;
  if (asked.state === "unreachable") {
    throw new MeshError("unavailable", `${name} cannot be asked now: ${asked.reason}`);
  }
  const isMissing = asked.status === 404 || /^Project .* not found$/.test(asked.reason);
  throw new MeshError(isMissing ? "not_found" : "refused", `${name} refused: ${asked.reason}`, {
    ...(isMissing ? {} : { hint: hintFor(asked.reason) }),
  });
}

function hintFor(reason: string): string {
  return /member/i.test(reason)
    ? "ask to be let in: mesh ogp project request-join PEER ID NAME"
    : "what the peer grants is shown by: mesh ogp federation scopes PEER";
}

async function readAttempt(node: OgpNode, nonce: string, attempt: Attempt): Promise<Asked> {
  switch (attempt.state) {
    case "accepted":
      return { state: "answered", nonce, answer: attempt.answer };
    case "failed": {
      const { reason = "no reason given", status } = attempt.entry.last_error ?? {};
      return { state: "refused", nonce, reason, status };
    }
    case "queued": {
      const { last_error, next_attempt_at } = attempt.entry;
      const reason = last_error?.reason ?? "it could not be tried";
      return { state: "unreachable", nonce, reason, kept: true, nextAttemptAt: next_attempt_at };
    }
    case "busy":
    case "gone":
      return await readRecord(node, nonce);
  }
}

/** Another process made the attempt. */
async function readRecord(node: OgpNode, nonce: string): Promise<Asked> {
  try {
    const { receipt, response } = await findOutgoing(node.state, nonce);
    if (receipt.state === "accepted") return { state: "answered", nonce, answer: response };
  } catch (error) {
    if (codeOf(error) !== "not_found") throw error;
  }
  return { state: "unreachable", nonce, reason: "another process is sending it", kept: true };
}
