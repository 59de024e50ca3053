/**
 * Posts one of federation's own documents to a peer, and judges the answer: what the peer says in the
 * protocol's words is final, everything that may pass or may be somebody else answering is not.
 *
 * @module
 */
import type { Outcome } from "../delivery/outbox.ts";
import { MeshError } from "../error.ts";
import { NoAnswerError, parsePeerUrl, type PostAnswer, postJson } from "../net/post.ts";
import { parseJson } from "../signing/json_parse.ts";
import { JsonObject } from "../signing/json.ts";
import { toPlain } from "../signing/json_plain.ts";
import { baseUrl } from "./names.ts";

/** How to post. */
export interface PostFederationOptions {
  /** Milliseconds in all. Default 8,000. */
  readonly timeoutMs?: number | undefined;
  /** Gives up early. */
  readonly signal?: AbortSignal | undefined;
}

/** Statuses that tell of a bad moment, not of a decision. */
const PASSING = new Set([408, 425, 429]);

/** Most of a peer's sentence that is shown. */
const LONGEST_REASON = 200;

/**
 * Posts a document.
 *
 * @param gatewayUrl The peer's base URL.
 * @param path Such as `/federation/approve`.
 * @param body The document.
 * @param options Timeout and signal.
 * @returns What came of it; `accepted` carries the answer as a plain object.
 */
export async function postFederation(
  gatewayUrl: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
  { timeoutMs, signal }: PostFederationOptions = {},
): Promise<Outcome> {
  try {
    const answer = await postJson(federationUrl(gatewayUrl, path), JSON.stringify(body), {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal ? { signal } : {}),
    });
    return judgeFederationAnswer(answer);
  } catch (error) {
    if (error instanceof NoAnswerError) {
      const whose = error.ownFault ? { ownFault: true } : { unreachable: true };
      return { kind: "retry", reason: error.message, ...whose };
    }
    if (error instanceof MeshError && error.code === "malformed") {
      return { kind: "refused", reason: error.message };
    }
    throw error;
  }
}

/**
 * The URL of one of a gateway's endpoints.
 *
 * @param gatewayUrl The gateway's base URL.
 * @param path The endpoint's path.
 * @returns The URL.
 * @throws {MeshError} `malformed` if no peer can be there.
 */
export function federationUrl(gatewayUrl: string, path: string): URL {
  return parsePeerUrl(`${baseUrl(gatewayUrl)}${path}`);
}

/**
 * What an answer of `/federation/request`, `approve`, `removed` or `update-identity` means.
 *
 * @param answer The answer.
 * @returns The outcome.
 *
 * @example
 * ```ts
 * import { judgeFederationAnswer } from "./post_federation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(judgeFederationAnswer({ status: 200, body: '{"received":true}' }).kind, "accepted");
 * assertEquals(judgeFederationAnswer({ status: 404, body: '{"error":"No"}' }).kind, "refused");
 * assertEquals(judgeFederationAnswer({ status: 404, body: "<html>" }).kind, "retry");
 * ```
 */
export function judgeFederationAnswer(answer: PostAnswer): Outcome {
  const { status, retryAfter } = answer;
  const body = parseAnswer(answer.body);
  if (status >= 200 && status < 300 && body && body.error === undefined) {
    if ([body.received, body.updated, body.success].includes(true)) {
      return { kind: "accepted", answer: body };
    }
  }
  const said = typeof body?.error === "string" ? body.error : undefined;
  const reason = said === undefined
    ? `Something that does not speak the protocol answered with status ${status}`
    : printable(said);
  // Clocks are put right, ours or the peer's.
  const isLate = body?.code === "stale_timestamp" || /stale/i.test(said ?? "");
  if (said !== undefined && status >= 400 && status < 500 && !PASSING.has(status) && !isLate) {
    return { kind: "refused", reason, status, answer: body };
  }
  return { kind: "retry", reason, status, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/**
 * The JSON object that an answer's body is.
 *
 * @param body The body.
 * @returns It as a plain object, `undefined` if it is none.
 */
export function parseAnswer(body: string): Record<string, unknown> | undefined {
  try {
    const json = parseJson(body, { loneSurrogates: "refuse" });
    return json instanceof JsonObject ? toPlain(json) as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ").slice(0, LONGEST_REASON).toWellFormed();
}
