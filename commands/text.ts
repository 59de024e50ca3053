/**
 * How things are said in one place: ages, names, fingerprints.
 *
 * @module
 */
import { shortFingerprint } from "../lib/identity/fingerprint.ts";

/**
 * How long ago something was, roughly.
 *
 * @param time When it was.
 * @param now The present.
 * @returns Such as `just now`, `5 min ago`, `in 3 h`, `2 days ago`.
 *
 * @example
 * ```ts
 * import { ago } from "./text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const now = new Date("2026-01-01T12:00:00Z");
 * assertEquals(ago(new Date("2026-01-01T11:55:00Z"), now), "5 min ago");
 * assertEquals(ago(new Date("2026-01-01T15:00:00Z"), now), "in 3 h");
 * ```
 */
export function ago(time: Date, now: Date = new Date()): string {
  const seconds = (now.getTime() - time.getTime()) / 1000;
  const span = Math.abs(seconds);
  if (!Number.isFinite(span)) return "unknown";
  if (span < 1) return "just now";
  const amount = span < 90
    ? `${Math.round(span)} s`
    : span < 90 * 60
    ? `${Math.round(span / 60)} min`
    : span < 36 * 3600
    ? `${Math.round(span / 3600)} h`
    : `${Math.round(span / 86_400)} days`;
  return seconds < 0 ? `in ${amount}` : `${amount} ago`;
}

/**
 * A point in time as the clock on the wall here shows it.
 *
 * @param time When it was.
 * @returns Such as `2026-01-31 18:05`.
 */
export function localTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/**
 * An agent's name with its id, without saying the same twice.
 *
 * @param agent Name and id.
 * @returns Such as `Stan (agent-12ab)`.
 */
export function agentName(
  { agent_id, display_name }: { agent_id: string; display_name?: string | null },
): string {
  return display_name && display_name !== agent_id ? `${display_name} (${agent_id})` : agent_id;
}

/**
 * Both lengths of a fingerprint: the one to look at, the one to compare.
 *
 * @param fingerprint Such as `sha256:` and 64 hex digits.
 * @returns The short form for tables.
 */
export function short(fingerprint: string): string {
  return shortFingerprint(fingerprint);
}
