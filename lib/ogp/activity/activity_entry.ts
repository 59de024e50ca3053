/**
 * Entries of the log of activity: who wrote about what, how that was to be answered, and what became of it.
 * Never what was written, unless the owner wants to see how it begins.
 *
 * @module
 */

/** What became of a message, as far as it had got when the entry was written. */
export type ActivityOutcome =
  /** Stored here. */
  | "accepted"
  /** Waits for the owner: the level is `escalate`. */
  | "waiting"
  /** The owner has let it through. */
  | "allowed"
  /** Declined: the level is `deny`, or the owner said no. */
  | "declined"
  /** Turned away: the level is `off`. */
  | "rejected"
  /** The agent has it. */
  | "handed"
  /** Answered. */
  | "replied"
  /** One of ours: taken by the peer. */
  | "sent"
  /** One of ours: on disk, not with the peer yet. */
  | "queued"
  /** Given up. */
  | "failed";

/** One thing that happened. */
export interface ActivityEntry {
  /** When, ISO 8601. */
  readonly at: string;
  /** Whose message it was: `in` is the peer's, `out` is ours. */
  readonly direction: "in" | "out";
  /** The peer's key as DER. */
  readonly publicKey: string;
  /** What the peer was called then. */
  readonly name: string;
  /** What the message was about. */
  readonly topic?: string | undefined;
  /** The level that counted. */
  readonly level?: string | undefined;
  /** What became of it. */
  readonly outcome: ActivityOutcome;
  /** The message's nonce. */
  readonly nonce?: string | undefined;
  /** How urgent it was, if that was not `normal`. */
  readonly priority?: string | undefined;
  /** How its text begins, if the owner wants that. */
  readonly preview?: string | undefined;
}

/** Most characters of a preview. */
export const LONGEST_PREVIEW = 100;

const LONGEST = 200;
const OUTCOMES: ReadonlySet<unknown> = new Set<ActivityOutcome>([
  "accepted",
  "waiting",
  "allowed",
  "declined",
  "rejected",
  "handed",
  "replied",
  "sent",
  "queued",
  "failed",
]);
const TEXTS = ["topic", "level", "nonce", "priority", "preview"] as const;

/** How each line begins; inside of a line its quotes would be escaped. */
const BEGINNING = '{"at":"';

/**
 * An entry as a line. What a peer chose is cut, so that no line is longer than some kilobytes.
 *
 * @param entry The entry.
 * @returns JSON and a line break.
 */
export function printEntry(entry: ActivityEntry): string {
  const { at, direction, publicKey, name, topic, level, outcome, nonce } = entry;
  const priority = entry.priority === "normal" ? undefined : entry.priority;
  const preview = entry.preview && previewOf(entry.preview);
  const whole = { at, direction, publicKey, name, topic, level, outcome, nonce, priority, preview };
  return JSON.stringify(whole, (_, value) => typeof value === "string" ? cut(value) : value) + "\n";
}

/**
 * The entry of a line. Of a line that begins with part of another one, which a machine that lost its power
 * leaves behind, the whole one counts.
 *
 * @param line The line, without its line break.
 * @returns The entry, or `undefined` if it is none.
 *
 * @example
 * ```ts
 * import { parseEntry, printEntry } from "./activity_entry.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const line = printEntry({
 *   at: "2026-03-12T18:05:00.000Z",
 *   direction: "in",
 *   publicKey: "302a",
 *   name: "Stan",
 *   topic: "testing",
 *   level: "full",
 *   outcome: "accepted",
 * });
 * assertEquals(parseEntry('{"at":"2026-03-' + line.trim())?.topic, "testing");
 * ```
 */
export function parseEntry(line: string): ActivityEntry | undefined {
  const begin = line.lastIndexOf(BEGINNING);
  if (begin < 0) return undefined;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line.slice(begin));
  } catch {
    return undefined;
  }
  const { at, direction, publicKey, name, outcome } = value;
  if (typeof at !== "string" || Number.isNaN(Date.parse(at))) return undefined;
  if (direction !== "in" && direction !== "out") return undefined;
  if (typeof publicKey !== "string" || typeof name !== "string") return undefined;
  if (!OUTCOMES.has(outcome)) return undefined;
  const texts = TEXTS.filter((key) => typeof value[key] === "string");
  const rest = Object.fromEntries(texts.map((key) => [key, value[key]]));
  return { at, direction, publicKey, name, outcome: outcome as ActivityOutcome, ...rest };
}

/**
 * How a text begins.
 *
 * @param text The text.
 * @returns One line of at most {@link LONGEST_PREVIEW} characters, and `…` if there is more.
 */
export function previewOf(text: string): string {
  const line = text.slice(0, 4 * LONGEST_PREVIEW).replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_PREVIEW && text.length <= 4 * LONGEST_PREVIEW
    ? line
    : `${line.slice(0, LONGEST_PREVIEW - 1).toWellFormed()}…`;
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}
