/**
 * How many requests of strangers may wait for the owner. Old ones are never pushed out by new ones.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { OgpState } from "./state.ts";

/** Most requests that wait, in all. */
export const MOST_PENDING = 200;

/** Most requests that wait and came from one address. */
export const MOST_PENDING_PER_SOURCE = 10;

/**
 * Refuses a further request if too many wait.
 *
 * @param state The state.
 * @param source The address that it came from, if that is known.
 * @throws {MeshError} `rate_limited`.
 */
export async function assertRoom(
  state: Pick<OgpState, "requestsIn">,
  source: string | undefined,
): Promise<void> {
  const { entries } = await state.requestsIn.list();
  const pending = entries.filter(({ value }) => value.status === "pending");
  if (pending.length >= MOST_PENDING) {
    throw new MeshError("rate_limited", "Too many requests are waiting for the owner", {
      retryAfter: 3600,
    });
  }
  if (source === undefined) return;
  const network = networkOf(source);
  const own = pending.filter(({ value }) => value.source && networkOf(value.source) === network);
  if (own.length >= MOST_PENDING_PER_SOURCE) {
    throw new MeshError("rate_limited", "Earlier requests from your address are waiting", {
      retryAfter: 3600,
    });
  }
}

/** One host owns a whole /64 network of IPv6 addresses. */
function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  const host = URL.parse(`http://[${address.replace(/%.*$/, "")}]`)?.hostname.slice(1, -1);
  if (host === undefined) return address;
  const [before = "", after] = host.split("::");
  const head = before.split(":").filter((word) => word !== "");
  const tail = (after ?? "").split(":").filter((word) => word !== "");
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array<string>(zeros).fill("0"), ...tail].slice(0, 4).join(":");
}
