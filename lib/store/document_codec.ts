/**
 * Records that hold somebody's signed document: kept number for number and key for key as received,
 * since a signature covers the sender's text and not what JavaScript makes of it.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { type Json, JsonNumber, JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { printJson } from "../signing/json_print.ts";
import type { Codec } from "./store.ts";

/**
 * How deep records may nest. What comes in is bounded where it comes in, and a record puts it some levels
 * deeper: whatever could be written must be readable.
 */
const MAX_DEPTH = 500;

/** Most white space that a record is indented with, in characters: a peer's document chooses how much. */
const MOST_INDENT = 256 * 1024;

/**
 * Reads and writes lossless JSON objects: two-space indent, unescaped UTF-8, final newline. One whose
 * indent would be many times its content is written on one line.
 */
export const documentCodec: Codec<JsonObject> = {
  parse(text) {
    let value;
    try {
      value = parseJson(text, { maxDepth: MAX_DEPTH });
    } catch (error) {
      // Whatever is wrong with the text, it is no record: the store sets it aside.
      throw new SyntaxError(error instanceof Error ? error.message : "Not JSON", { cause: error });
    }
    if (value instanceof JsonObject) return value;
    throw new MeshError("damaged", "The record is not a JSON object");
  },
  print(document) {
    const indent = indentOf(document, 2, 2) > MOST_INDENT ? undefined : 2;
    return printJson(document, indent) + "\n";
  },
};

/** How much white space a value's items get, each on a line of its own, `width` deep. */
function indentOf(json: Json, width: number, step: number): number {
  if (json === null || typeof json !== "object" || json instanceof JsonNumber) return 0;
  const items = Array.isArray(json) ? json : [...json.values()];
  const inside = items.map((item) => indentOf(item, width + step, step));
  return inside.reduce((sum, one) => sum + one, items.length * (width + 1));
}
