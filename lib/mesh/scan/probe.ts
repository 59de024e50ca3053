/**
 * Asks one place whether an agent is there, and believes as little as possible of the answer.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { fingerprintOf } from "../../identity/fingerprint.ts";
import { parsePublicKeyPem } from "../../identity/keys.ts";
import { directGet } from "../../net/direct_get.ts";
import { GetError, type GetErrorKind } from "../../net/get_error.ts";
import { JsonObject } from "../../signing/json.ts";
import { parseJson } from "../../signing/json_parse.ts";
import { toPlain } from "../../signing/json_plain.ts";
import { decodeUtf8 } from "../../signing/utf8.ts";
import { type AgentCard, parseCard } from "../card.ts";
import { PROTOCOL } from "../protocol.ts";
import type { Target } from "./targets.ts";

/** The most that is read of an answer, in bytes. */
export const MAX_ANSWER = 65_536;

/** How long a probe takes at most, in milliseconds, unless told otherwise. */
export const DEFAULT_TIMEOUT_MS = 500;

/**
 * Why a probe found no agent. Beside what can go wrong on the way ({@link GetErrorKind}):
 *
 * - `timeout`: no whole answer in time, whatever it waited for.
 * - `redirect`: it points elsewhere; a probe does not follow.
 * - `not_mesh`: something answers, but it is not an agent of this protocol.
 * - `invalid`: it says it is one, and its card is not as it must be.
 * - `fingerprint_mismatch`: the card's fingerprint is not that of its key.
 */
export type ProbeFailureKind =
  | Exclude<GetErrorKind, "not_http">
  | "timeout"
  | "redirect"
  | "not_mesh"
  | "invalid"
  | "fingerprint_mismatch";

/** An agent is there. */
export interface ProbeFound {
  /** Who was asked. */
  readonly target: Target;
  /** Tells the two results apart. */
  readonly ok: true;
  /** What it says that it is. Nothing of it is proven but that fingerprint and key belong together. */
  readonly card: AgentCard;
  /** The whole answer, parsed. */
  readonly response: Readonly<Record<string, unknown>>;
  /** How long it took, in whole milliseconds. */
  readonly millis: number;
}

/** No agent is there, or none to talk to. */
export interface ProbeFailed {
  /** Who was asked. */
  readonly target: Target;
  /** Tells the two results apart. */
  readonly ok: false;
  /** Why. */
  readonly kind: ProbeFailureKind;
  /** The same as one sentence, safe to print: of a stranger's text at most an escaped key. */
  readonly error: string;
  /** How long it took, in whole milliseconds. */
  readonly millis: number;
}

/** What came of asking one target. */
export type ProbeResult = ProbeFound | ProbeFailed;

/** How to probe. */
export interface ProbeOptions {
  /** Milliseconds for resolving, connecting, sending and reading together. Default 500. */
  readonly timeoutMs?: number;
  /** Gives up early. */
  readonly signal?: AbortSignal;
}

/** Ends a probe with a verdict. Never leaves this file. */
class Verdict extends Error {
  constructor(readonly kind: ProbeFailureKind, sentence: string) {
    super(sentence);
  }
}

/**
 * Asks `<url>/agent-mesh/discovery`, straight at its address even where the environment names a proxy:
 * a LAN is not behind one. Redirects are not followed, at most 64 KiB are read, and no connection outlives
 * the call (but an https handshake that hangs).
 *
 * @param target Whom to ask.
 * @param options Timeout and signal.
 * @returns What is there. A failure is a result; nothing is thrown for it.
 * @throws The signal's reason once `signal` is aborted.
 *
 * @example
 * ```ts
 * import { probe } from "./probe.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const server = Deno.serve({ port: 0, onListen() {} }, () => new Response("<html>"));
 * const url = `http://127.0.0.1:${server.addr.port}`;
 * const result = await probe({ url, explicit: true, source: url }, { timeoutMs: 5000 });
 * assert(!result.ok);
 * assertEquals(result.kind, "not_mesh");
 * await server.shutdown();
 * ```
 */
export async function probe(target: Target, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  signal?.throwIfAborted();
  const started = performance.now();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(timedOut(timeoutMs)), timeoutMs);
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const millis = () => Math.round(performance.now() - started);
  try {
    const response = await ask(target.url, stop.signal);
    const card = await cardIn(response);
    return { target, ok: true, card, response, millis: millis() };
  } catch (error) {
    signal?.throwIfAborted();
    const { kind, message } = verdictOn(stop.signal.aborted ? stop.signal.reason : error);
    return { target, ok: false, kind, error: message, millis: millis() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

async function ask(base: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const url = new URL(`${base}/agent-mesh/discovery`);
  const { status, body } = await directGet(url, { signal, maxBytes: MAX_ANSWER });
  if (status !== 200) throw statusVerdict(status);
  return objectIn(body);
}

function objectIn(bytes: Uint8Array): Record<string, unknown> {
  const document = parseJson(decodeUtf8(bytes), { loneSurrogates: "refuse" });
  if (document instanceof JsonObject) return toPlain(document) as Record<string, unknown>;
  throw new Verdict("not_mesh", "It answers with JSON that is no object");
}

async function cardIn(response: Record<string, unknown>): Promise<AgentCard> {
  if (response.ok !== true || typeof response.protocol !== "string") {
    throw new Verdict("not_mesh", "It answers, but not as an agent does");
  }
  if (response.protocol !== PROTOCOL) {
    throw new Verdict("not_mesh", `It speaks another protocol than ${PROTOCOL}`);
  }
  const card = parseCard(response.agent);
  if (await fingerprintOf(card.public_key) !== card.fingerprint) {
    throw new Verdict("fingerprint_mismatch", "Its fingerprint is not that of its key");
  }
  parsePublicKeyPem(card.public_key);
  return card;
}

function verdictOn(error: unknown): Verdict {
  if (error instanceof Verdict) return error;
  if (error instanceof GetError) {
    const kind = error.kind === "not_http" ? "not_mesh" : error.kind;
    return new Verdict(kind, SENTENCES[error.kind]);
  }
  if (!(error instanceof MeshError)) throw error;
  if (error.code === "invalid_json") return new Verdict("not_mesh", "It answers, but not in JSON");
  return new Verdict("invalid", error.message);
}

const SENTENCES: Record<GetErrorKind, string> = {
  refused: "It is there, but nothing listens on that port",
  unreachable: "There is no way to it",
  unknown_host: "Its name is unknown",
  tls: "It offers no encryption that this machine trusts",
  cut_off: "It hung up before its answer was complete",
  not_http: "It answers, but not in HTTP",
  too_large: "It answers with more than 64 KiB",
  local: "This machine cannot ask it: it may not, or has too many connections open",
};

function statusVerdict(status: number): Verdict {
  return status >= 300 && status < 400
    ? new Verdict("redirect", `It redirects elsewhere (${status}), which is not followed`)
    : new Verdict("not_mesh", `It answers with status ${status}`);
}

function timedOut(timeoutMs: number): Verdict {
  return new Verdict("timeout", `No complete answer within ${timeoutMs} ms`);
}
