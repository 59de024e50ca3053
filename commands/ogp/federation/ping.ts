/**
 * Asking a gateway whether it is there, and who it says it is.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { getJson } from "../../../lib/net/post.ts";
import { fetchCard, type FetchedCard } from "../../../lib/ogp/card.ts";
import { JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";

/** What a gateway answered. */
export interface Pong {
  /** How long the answer took, in milliseconds. */
  readonly millis: number;
  /** Its card. */
  readonly fetched: FetchedCard;
  /** How many seconds its clock is ahead of ours, as far as its answer tells. */
  readonly clockAhead?: number;
}

/** Most bytes of an answer. */
const MAX_BYTES = 16_384;

/**
 * Pings a gateway and fetches its card.
 *
 * @param base Its base URL.
 * @param timeoutMs Milliseconds for each of the two questions.
 * @param now The present.
 * @returns What it answered. Nothing of it is signed.
 * @throws {MeshError} `unavailable`, `timeout`, `malformed` or `bad_key`.
 */
export async function pingGateway(
  base: string,
  timeoutMs: number,
  now: () => Date = () => new Date(),
): Promise<Pong> {
  const started = performance.now();
  const options = { timeoutMs, maxBytes: MAX_BYTES };
  const { status, body } = await getJson(new URL(`${base}/federation/ping`), options);
  const millis = Math.round(performance.now() - started);
  const pong = status === 200 ? objectIn(body) : undefined;
  if (pong?.get("pong") !== true) {
    throw new MeshError("unavailable", `What answers at ${base} is not an OGP gateway`, {
      hint: "is it the gateway's URL? Its owner sees it in: mesh ogp federation whoami",
    });
  }
  const time = Date.parse(String(pong.get("timestamp") ?? ""));
  // The answer was made halfway between question and now, near enough.
  const clockAhead = Math.round((time - (now().getTime() - millis / 2)) / 1000);
  const fetched = await fetchCard(base, { timeoutMs });
  return { millis, fetched, ...(Number.isFinite(clockAhead) ? { clockAhead } : {}) };
}

function objectIn(body: string): JsonObject | undefined {
  try {
    const document = parseJson(body);
    return document instanceof JsonObject ? document : undefined;
  } catch {
    return undefined;
  }
}
