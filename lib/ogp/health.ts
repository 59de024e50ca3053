/**
 * How peers' gateways are: noted by whatever is sent to them or comes from them, and asked with a ping. A
 * peer that does not answer is left alone for a while, by all processes on the root.
 *
 * @module
 */
import type { Outcome } from "../delivery/outbox.ts";
import { isPaused } from "../delivery/pause.ts";
import { MeshError, messageOf } from "../error.ts";
import { getJson, NoAnswerError } from "../net/post.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { Lru } from "../signing/lru.ts";
import { federationUrl } from "./addressing.ts";
import { afterFailure, afterSuccess, breakerState } from "./circuit_breaker.ts";
import type { Judgement } from "./judge_answer.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer, PeerHealth } from "./records.ts";
import { type OgpState, peerName } from "./state.ts";

/** How to ask a peer. */
export interface CheckOptions {
  /** Milliseconds in all. Default 5,000. */
  readonly timeoutMs?: number;
  /** Gives up early. */
  readonly signal?: AbortSignal;
}

/** What came of asking. */
export type PeerCheck =
  | { readonly ok: true; readonly displayName: string; readonly millis: number }
  | { readonly ok: false; readonly error: string; readonly millis: number };

/** Milliseconds after which whoever did not get to be the probe asks again. */
const PROBE_WAIT = 30_000;

/** Milliseconds for which hearing from a peer again is no news. */
const HEARD = 5_000;

/** When each peer was last heard from, per gateway: a thousand messages a second must not cost reads. */
const heard = new WeakMap<OgpState, Lru<string, number>>();

/**
 * How a peer's gateway was when it was last looked at.
 *
 * @param state The state.
 * @param publicKey The peer's key as DER, or the name of its records.
 * @returns The record, or `undefined` if it was never looked at.
 */
export async function readHealth(
  state: Pick<OgpState, "health">,
  publicKey: string,
): Promise<PeerHealth | undefined> {
  return await state.health.get(peerName(publicKey));
}

/**
 * Notes that a peer was heard from, such as by a message that it signed. Closes its breaker. Cheap enough
 * for each message, and never fails.
 *
 * @param node This gateway.
 * @param publicKey The peer's key as DER, or the name of its records.
 */
export async function heardFrom(node: OgpNode, publicKey: string): Promise<void> {
  const times = heardTimes(node);
  const last = times.get(peerName(publicKey)) ?? -Infinity;
  if (performance.now() - last < HEARD) return;
  await noteSuccess(node, publicKey);
}

/**
 * Makes an attempt at a peer unless it is to be left alone, and notes how it went.
 *
 * @param node This gateway.
 * @param publicKey The peer's key as DER.
 * @param attempt Sends, and judges the answer.
 * @returns What came of it; an attempt that was not made is a `retry` that is postponed.
 * @throws What the attempt throws, save that there was no answer.
 */
export async function throughBreaker(
  node: OgpNode,
  publicKey: string,
  attempt: () => Promise<Judgement>,
): Promise<Outcome> {
  const health = await readHealth(node.state, publicKey);
  switch (breakerState(health, node.now())) {
    case "open":
      return postponed(health?.lastError, health?.openUntil ?? "");
    case "closed":
      return await noted(node, publicKey, attempt);
    case "probe": {
      await using claim = await node.state.store.tryClaim(`ogp-probe-${peerName(publicKey)}`);
      if (claim) return await noted(node, publicKey, attempt);
      const later = new Date(node.now().getTime() + PROBE_WAIT).toISOString();
      return postponed(health?.lastError, later);
    }
  }
}

/**
 * Asks a peer's gateway whether it is there, and notes the answer. While everything outgoing is paused, it
 * is not asked.
 *
 * @param node This gateway.
 * @param peer The peer.
 * @param options Timeout and signal.
 * @returns What it said. The answer is unsigned: it tells that a gateway is up, not whose.
 */
export async function checkPeer(
  node: OgpNode,
  peer: Pick<OgpPeer, "publicKey" | "gatewayUrl">,
  { timeoutMs = 5000, signal }: CheckOptions = {},
): Promise<PeerCheck> {
  const started = performance.now();
  const millis = () => Math.round(performance.now() - started);
  if (await isPaused(node.state.store)) {
    return { ok: false, error: "Everything outgoing is paused", millis: millis() };
  }
  try {
    const displayName = await ping(peer, { timeoutMs, ...(signal ? { signal } : {}) });
    await noteSuccess(node, peer.publicKey);
    return { ok: true, displayName, millis: millis() };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const own = error instanceof NoAnswerError && error.ownFault;
    if (!own) await noteFailure(node, peer.publicKey, error.message);
    return { ok: false, error: error.message, millis: millis() };
  }
}

async function ping(
  peer: Pick<OgpPeer, "gatewayUrl">,
  options: CheckOptions,
): Promise<string> {
  const url = federationUrl(peer, "ping");
  if (!url) throw new MeshError("malformed", `Cannot use the URL "${peer.gatewayUrl}"`);
  const { status, body } = await getJson(url, { ...options, maxBytes: 16_384 });
  try {
    const pong = parseJson(body);
    if (status === 200 && pong instanceof JsonObject && pong.get("pong") === true) {
      return String(pong.get("displayName") ?? "").slice(0, 200);
    }
  } catch {
    // Told below.
  }
  throw new MeshError("unavailable", `What answers at ${url.origin} is not an OGP gateway`);
}

async function noted(
  node: OgpNode,
  publicKey: string,
  attempt: () => Promise<Judgement>,
): Promise<Outcome> {
  try {
    const { outcome, spoke } = await attempt();
    if (spoke) await noteSuccess(node, publicKey);
    else await noteFailure(node, publicKey, "reason" in outcome ? outcome.reason : "no answer");
    return outcome;
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    if (error.ownFault) return { kind: "retry", reason: error.message, ownFault: true };
    await noteFailure(node, publicKey, error.message);
    return { kind: "retry", reason: error.message, unreachable: true };
  }
}

function postponed(lastError: string | undefined, until: string): Outcome {
  const why = lastError ? `: ${lastError}` : "";
  return { kind: "retry", reason: `The peer is left alone for a while${why}`, postponedTo: until };
}

/** Health is a hint: that it cannot be written must not stop what it is about. */
async function noteSuccess(node: OgpNode, publicKey: string): Promise<void> {
  const name = peerName(publicKey);
  const { health } = node.state;
  const now = node.now();
  try {
    if (afterSuccess(await health.get(name), now)) {
      await health.update(name, (current) => afterSuccess(current, now));
    }
    heardTimes(node).set(name, performance.now());
  } catch (error) {
    await unwritten(node, name, error);
  }
}

async function noteFailure(node: OgpNode, publicKey: string, reason: string): Promise<void> {
  const name = peerName(publicKey);
  heardTimes(node).set(name, -Infinity);
  const now = node.now();
  try {
    await node.state.health.update(name, (current) => afterFailure(current, now, reason));
  } catch (error) {
    await unwritten(node, name, error);
  }
}

/** Told where refusals are told: at most so often. */
async function unwritten(node: OgpNode, name: string, error: unknown): Promise<void> {
  await node.state.audit.refusal({
    event: "ogp.health.unwritten",
    peer: name,
    reason: messageOf(error),
  });
}

function heardTimes({ state }: OgpNode): Lru<string, number> {
  const times = heard.get(state) ?? new Lru<string, number>(10_000);
  heard.set(state, times);
  return times;
}
