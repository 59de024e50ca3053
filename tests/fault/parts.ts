/**
 * Records that show whether they are whole.
 *
 * @module
 */

import { jsonCodec } from "../../lib/store/json_codec.ts";
import type { Codec } from "../../lib/store/store.ts";

/** A record of which every byte follows from its id and number. */
export interface Part {
  /** The id that it is stored under. */
  readonly id: string;
  /** Which of its writer's records it is. */
  readonly n: number;
  /** Filling, some hundred characters to some thousand. */
  readonly filling: string;
}

/** What was done to a shared record, in order. */
export interface Journal {
  /** A token per update. */
  readonly tokens: readonly string[];
}

/** A codec for parts; tells nothing about wholeness. */
export const partCodec: Codec<Part> = jsonCodec({ parse: (value) => value as Part });

/** A codec for journals. */
export const journalCodec: Codec<Journal> = jsonCodec({ parse: (value) => value as Journal });

/**
 * The part with an id and a number.
 *
 * @param id Its id.
 * @param n Its number.
 * @returns The part.
 */
export function partOf(id: string, n: number): Part {
  return { id, n, filling: `${id} ${n} `.repeat(10 + (n * 37) % 300) };
}
