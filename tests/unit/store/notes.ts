/**
 * The record that the tests of the store keep.
 *
 * @module
 */

import { jsonCodec } from "../../../lib/store/json_codec.ts";
import type { Codec } from "../../../lib/store/store.ts";

/** A record with a text and a number. */
export interface Note {
  /** Any text. */
  readonly text: string;
  /** Any number. */
  readonly n: number;
}

/** Refuses what is not a note, as a schema of the protocols would. */
export const noteCodec: Codec<Note> = jsonCodec({
  parse(value: unknown): Note {
    const { text, n } = (value ?? {}) as Partial<Note>;
    if (typeof text !== "string") throw new Error("text is not a string");
    if (typeof n !== "number") throw new Error("n is not a number");
    return { text, n };
  },
});

/**
 * A note.
 *
 * @param n Its number.
 * @param text Its text.
 * @returns The note.
 */
export function note(n: number, text = `note ${n}`): Note {
  return { text, n };
}
