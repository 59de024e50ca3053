/**
 * Totals of messages and bytes as lines of a file, the last of which holds.
 *
 * @module
 */

import type { LineFile, LineFormat } from "./line_file.ts";

/** So many messages with so many bytes: what was spent, or what may be. */
export interface Tally {
  /** How many messages. */
  readonly messages: number;
  /** How many bytes they have together. */
  readonly bytes: number;
}

const MESSAGE_DIGITS = 12;
const BYTE_DIGITS = 16;
/** What a line has room for. */
const MOST: Tally = { messages: 10 ** MESSAGE_DIGITS - 1, bytes: Number.MAX_SAFE_INTEGER };
/** Lines after which the file is begun anew with the last one. */
const LONGEST = 2048;

/** Lines of 30 bytes: 12 digits of messages, a space, 16 digits of bytes. */
export const tallyLines: LineFormat<Tally> = {
  width: MESSAGE_DIGITS + 1 + BYTE_DIGITS + 1,
  print: ({ messages, bytes }) =>
    `${String(messages).padStart(MESSAGE_DIGITS, "0")} ${
      String(bytes).padStart(BYTE_DIGITS, "0")
    }\n`,
  parse(text) {
    const [, messages, bytes] = /^([0-9]{12}) ([0-9]{16})$/.exec(text) ?? [];
    if (messages === undefined) return undefined;
    const tally = { messages: Number(messages), bytes: Number(bytes) };
    return Number.isSafeInteger(tally.bytes) ? tally : undefined;
  },
};

/**
 * The total that a file holds.
 *
 * @param file The lines, locked.
 * @returns The last one that can be read; zeros if there is none.
 * @throws What the system says.
 */
export function tallyIn(file: LineFile<Tally>): Tally {
  if (file.count === 0) return { messages: 0, bytes: 0 };
  return file.at(file.count - 1) ?? file.all().at(-1) ?? { messages: 0, bytes: 0 };
}

/**
 * Writes a new total.
 *
 * @param file The lines, locked.
 * @param before The total until now.
 * @param change What to add to it; it does not fall below 0.
 * @returns The total from now on.
 * @throws What the system says; then nothing was written.
 */
export function addTo(file: LineFile<Tally>, before: Tally, change: Tally): Tally {
  const total = {
    messages: Math.max(0, before.messages + change.messages),
    bytes: Math.max(0, before.bytes + change.bytes),
  };
  const whole = file.count === 0 || file.at(file.count - 1) !== undefined;
  if (!whole || file.count >= LONGEST) file.replace([total]);
  else file.append(total);
  return total;
}

/**
 * Whether a total is within a budget.
 *
 * @param total The total.
 * @param limit The budget.
 * @returns `undefined` if it is, else what there is too much of.
 */
export function withinLimit(total: Tally, limit: Tally): "messages" | "bytes" | undefined {
  if (total.messages > Math.min(limit.messages, MOST.messages)) return "messages";
  return total.bytes > Math.min(limit.bytes, MOST.bytes) ? "bytes" : undefined;
}
