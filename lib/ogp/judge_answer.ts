/**
 * What a gateway's answer means for what it was sent, in either dialect: a pure function. A refusal in the
 * peer's own words is final; what may pass, or may be somebody else answering, is not. Source: the
 * Open Gateway Protocol, dialects 0.2 and 0.7.
 *
 * @module
 */
import type { Outcome } from "../delivery/outbox.ts";
import type { PostAnswer } from "../net/post.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { toPlain } from "../signing/json_plain.ts";

/** An outcome, and whether the peer itself spoke. */
export interface Judgement {
  /** What becomes of the delivery. */
  readonly outcome: Outcome;
  /** A gateway answered in its own words, whatever they were: it is up. */
  readonly spoke: boolean;
}

type Body = Readonly<Record<string, unknown>>;

/** Longest piece of a peer's sentence that is kept, in UTF-16 units. */
const LONGEST_REASON = 300;

/** Statuses that ask for patience, by their meaning in HTTP. */
const PATIENCE = [408, 425, 429];

/** Statuses that any server gives for what it does not know: the gateway may have gone elsewhere. */
const NOT_A_GATEWAY = [404, 405];

/** OGP 0.2 answers 400 where it is over a rate. */
const OVER_RATE = /rate.?limit|too many requests/i;

/** A clock that is wrong right after the start, ours or the peer's, is no reason to give up. */
const OTHER_TIME = /\bstale\b|timestamp/i;

/**
 * Judges an answer.
 *
 * @param answer The answer.
 * @param nonce The nonce that an answer of 0.7 has to repeat, if it says one. Not checked if absent.
 * @returns What it means. `accepted` carries the peer's response: in 0.7 what is under `response`, in 0.2
 * the whole body.
 *
 * @example
 * ```ts
 * import { judgeOgpAnswer } from "./judge_answer.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { outcome } = judgeOgpAnswer({ status: 200, body: '{"received":true}' });
 * assertEquals(outcome, { kind: "accepted", answer: { received: true } });
 * ```
 */
export function judgeOgpAnswer(answer: PostAnswer, nonce?: string): Judgement {
  const { status } = answer;
  const body = objectIn(answer.body);
  // Nobody on the way would take it either, and it does not get smaller.
  if (status === 413) {
    const reason = body
      ? sentenceOf(body, status)
      : "It is larger than the peer takes (status 413)";
    return { outcome: { kind: "refused", status, reason }, spoke: true };
  }
  if (body && status >= 200 && status < 300) return judgeSuccess(body, status, nonce);
  if (!body || status < 400 || status >= 500) return later(answer, body);
  if (body.success !== false && !("error" in body)) return later(answer, body);
  if (NOT_A_GATEWAY.includes(status) && body.success !== false) return later(answer, body);
  const reason = sentenceOf(body, status);
  if (PATIENCE.includes(status) || OVER_RATE.test(reason) || isAboutTime(body, reason)) {
    return { outcome: retryOf(answer, body, reason), spoke: true };
  }
  return { outcome: refusalOf(body, status, reason), spoke: true };
}

/**
 * Whether a peer did not know who we are: then another of our names may be the one that it knows.
 *
 * @param outcome What its answer means.
 * @returns Whether it said so.
 */
export function isUnknownToPeer(outcome: Outcome): boolean {
  return outcome.kind === "refused" && /unknown peer|peer not approved/i.test(outcome.reason);
}

function judgeSuccess(body: Body, status: number, nonce: string | undefined): Judgement {
  if (body.success === false) {
    return { outcome: refusalOf(body, status, sentenceOf(body, status)), spoke: true };
  }
  if (body.success !== true) {
    if (body.error === undefined) {
      return { outcome: { kind: "accepted", answer: body }, spoke: true };
    }
    const reason = `An error was answered with status ${status}: ${sentenceOf(body, status)}`;
    return { outcome: { kind: "retry", status, reason }, spoke: true };
  }
  if (nonce !== undefined && typeof body.nonce === "string" && body.nonce !== nonce) {
    const reason = "The answer is about another message";
    return { outcome: { kind: "retry", status, reason }, spoke: true };
  }
  return { outcome: { kind: "accepted", answer: body.response ?? body }, spoke: true };
}

function refusalOf(body: Body, status: number, reason: string): Outcome {
  // A policy's rejection is signed: whoever wants to prove it needs it as it came.
  const { response } = body;
  return {
    kind: "refused",
    status,
    reason,
    ...(response === undefined ? {} : { answer: response }),
  };
}

/** What may pass. A gateway that says in its own words that it has a bad moment is not counted as up. */
function later(answer: PostAnswer, body: Body | undefined): Judgement {
  const { status } = answer;
  const reason = body && (body.success === false || typeof body.error === "string")
    ? `${sentenceOf(body, status)} (status ${status})`
    : status >= 500
    ? `The gateway failed with status ${status}`
    : `Something that does not speak the protocol answered with status ${status}`;
  return { outcome: retryOf(answer, body, reason), spoke: false };
}

function retryOf(answer: PostAnswer, body: Body | undefined, reason: string): Outcome {
  const told = body?.retryAfter;
  const inBody = typeof told === "number" && told > 0 ? Math.ceil(told) : undefined;
  const retryAfter = answer.retryAfter ?? inBody;
  return {
    kind: "retry",
    status: answer.status,
    reason,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

function isAboutTime(body: Body, reason: string): boolean {
  return body.code === "stale_timestamp" || OTHER_TIME.test(reason);
}

function sentenceOf({ error, message, reason }: Body, status: number): string {
  const said = [error, message, reason].find((text) => typeof text === "string" && text !== "");
  const text = typeof said === "string" ? said : `Refused with status ${status}`;
  return text.slice(0, LONGEST_REASON).toWellFormed();
}

function objectIn(text: string): Body | undefined {
  try {
    const value = parseJson(text, { loneSurrogates: "refuse" });
    return value instanceof JsonObject ? toPlain(value) as Body : undefined;
  } catch {
    return undefined;
  }
}
