/**
 * Cuts a long text into messages that a platform takes: at paragraphs if that can be, else at lines,
 * sentences, words, and in the last resort between characters as people see them. A code fence that a cut
 * goes through is closed, and opened again in the next message.
 *
 * Cuts depend only on what is before them and a little after: while a text grows, all messages but the last
 * stay as they are.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { closesFence, type Fence, openFence } from "./fence.ts";

/** Places to cut at, the best first: each matches up to where the first message ends. */
const BREAKS: readonly RegExp[] = [
  /\n[^\S\n]*\n/g,
  /\n/g,
  /[.!?…](?=["'”’)\]]?\s)["'”’)\]]?|[。！？]/gu,
  /\s/gu,
];

/** A message that is cut before this share of its room would look torn. */
const LEAST_SHARE = 0.4;

/** The last characters of a message and the first of the next can be one only within so many units. */
const LONGEST_CLUSTER = 64;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Splits a text.
 *
 * @param text The text; blank lines at its ends are left out.
 * @param maxLength Most UTF-16 units of a part, at least 2.
 * @returns The parts, none of them blank; none for a blank text.
 * @throws {MeshError} `usage` if `maxLength` is below 2.
 *
 * @example
 * ```ts
 * import { splitText } from "./split.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(splitText("One, two.\n\nTwo and three.", 15), ["One, two.", "Two and three."]);
 * assertEquals(splitText("~~~js\nlet a;\nlet b;\n~~~", 20), [
 *   "~~~js\nlet a;\n~~~",
 *   "~~~js\nlet b;\n~~~",
 * ]);
 * ```
 */
export function splitText(text: string, maxLength: number): string[] {
  if (!(maxLength >= 2)) throw new MeshError("usage", `Cannot split a text at ${maxLength}`);
  const parts: string[] = [];
  let rest = text.toWellFormed().replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
  // Where the fence that was opened again ends: a cut within it would go on for ever.
  let opened = 0;
  while (rest.length > maxLength) {
    const { head, next, fence } = cut(rest, maxLength, opened);
    if (head.trim() !== "") parts.push(head);
    const prefix = fence && next !== "" ? `${fence.opening}\n` : "";
    opened = prefix.length;
    rest = prefix + next;
  }
  if (rest.trim() !== "") parts.push(rest);
  return parts;
}

interface Cut {
  readonly head: string;
  readonly next: string;
  readonly fence: Fence | undefined;
}

function cut(text: string, maxLength: number, opened: number): Cut {
  const at = breakAt(text, maxLength, opened, Math.max(1, opened));
  const fence = openFence(text, at);
  const room = fence ? maxLength - fence.closing.length - 1 : maxLength;
  // A fence in no message's room, or one whose first line fills it, is cut like any text.
  if (!fence || room < 2 * (fence.opening.length + 1)) return without(text, at, undefined);
  const within = at <= room ? at : breakAt(text, room, opened, Math.max(1, opened));
  const inner = openFence(text, within);
  // Only what the fence holds goes to the next message: not the empty fence stays behind.
  if (inner === undefined) return without(text, within, undefined);
  const { start } = inner;
  if (start > opened && start > 0 && text.slice(start, within).trim() === inner.opening) {
    return without(text, start, undefined);
  }
  return without(text, within, inner);
}

/** Leaves out the blanks at the cut; in code only the line's end, as what indents the next one counts. */
function without(text: string, at: number, fence: Fence | undefined): Cut {
  if (fence === undefined) {
    const next = text.slice(at).replace(/^(?:[^\S\n]*\n)+|^[^\S\n]+(?=\S)/, "");
    return { head: text.slice(0, at).trimEnd(), next, fence };
  }
  const head = text.slice(0, at).replace(/\n$/, "");
  const next = text.slice(at).replace(/^\n/, "");
  // What is left of the block is its end.
  const end = next.indexOf("\n");
  if (closesFence(end < 0 ? next : next.slice(0, end), fence)) {
    const rest = end < 0 ? "" : next.slice(end).replace(/^(?:[^\S\n]*\n)+/, "");
    return { head: `${head}\n${fence.closing}`, next: rest, fence: undefined };
  }
  return { head: `${head}\n${fence.closing}`, next, fence };
}

/**
 * The part of a growing text that can be split already: not a last character or line of which the rest may
 * change what it means.
 *
 * @param text The text so far.
 * @returns Its beginning.
 */
export function settledText(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, "").replace(/(?:^|\n)[^\S\n]*[`~][^\n]*$/, "").trimEnd();
}

/** The best place to cut within the first `room` units and after `least`. */
function breakAt(text: string, room: number, opened: number, least: number): number {
  const from = Math.max(least, opened + 1, Math.floor(room * LEAST_SHARE));
  // One more than fits: a blank there may be left out.
  const window = text.slice(0, room + 1);
  for (const pattern of BREAKS) {
    let best = -1;
    let bestOutside = -1;
    for (const match of window.matchAll(pattern)) {
      const blank = /^\s/.test(match[0]);
      const end = match.index + (blank ? 0 : match[0].length);
      if (end < from || end > room || !isBoundary(text, end)) continue;
      best = end;
      if (pattern === BREAKS[0] && openFence(text, end) === undefined) bestOutside = end;
    }
    // A paragraph's end between two blocks of code is better than an empty line in one of them.
    if (bestOutside > 0) return bestOutside;
    if (best > 0) return best;
  }
  return characterBreak(text, room, opened);
}

/** The last place within `room` that is not inside of a character. */
function characterBreak(text: string, room: number, opened: number): number {
  const least = Math.max(opened, room - LONGEST_CLUSTER);
  for (let at = room; at > least; at--) if (isBoundary(text, at)) return at;
  // A pile of accents longer than any language needs: only code points are kept whole.
  const pair = /[\uD800-\uDBFF]/.test(text[room - 1] ?? "");
  return pair && room - 1 > opened ? room - 1 : room;
}

/** Whether a character, as people see them, ends at `at`. */
function isBoundary(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  // Two plain characters, as almost everywhere.
  if (before < 0x300 && after < 0x300 && !(before === 13 && after === 10)) return true;
  const from = Math.max(0, at - LONGEST_CLUSTER);
  const start = /[\uDC00-\uDFFF]/.test(text[from] ?? "") ? from + 1 : from;
  const near = text.slice(start, at + 2);
  return graphemes.segment(near).containing(at - start)?.index === at - start;
}
