/**
 * Timestamps on signed documents: how Agent Mesh V1 writes them, and how old one may be.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** How far a sender's clock may be from ours, either way, in milliseconds. */
export const FRESH_WITHIN = 5 * 60_000;

/**
 * The time as the protocol writes it: UTC, whole seconds, `Z`.
 *
 * @param time The time.
 * @returns Such as `2026-03-12T18:05:00Z`.
 */
export function protocolTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/**
 * Reads a timestamp: ISO 8601 with a time zone.
 *
 * @param text As received.
 * @returns The time, or `undefined` if it is none.
 */
export function parseTimestamp(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text)) {
    return undefined;
  }
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/**
 * Refuses a timestamp that is too old or lies too far ahead.
 *
 * @param timestamp As received, and covered by the signature.
 * @param now The present.
 * @param allowOld Accept any age, for what was carried by hand; the future is refused all the same.
 * @throws {MeshError} `stale_timestamp`, or `malformed` if it is no timestamp.
 */
export function assertFresh(timestamp: string, now: Date, allowOld = false): void {
  const time = parseTimestamp(timestamp);
  if (!time) throw new MeshError("malformed", `Cannot read the timestamp "${timestamp}"`);
  const age = now.getTime() - time.getTime();
  if (age > FRESH_WITHIN && !allowOld) {
    throw new MeshError(
      "stale_timestamp",
      `The timestamp ${timestamp} is more than 5 minutes old; it is ${protocolTime(now)} here`,
    );
  }
  if (-age > FRESH_WITHIN) {
    throw new MeshError(
      "stale_timestamp",
      `The timestamp ${timestamp} is more than 5 minutes ahead; it is ${protocolTime(now)} here`,
    );
  }
}
