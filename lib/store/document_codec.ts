/**
 * Records that hold somebody's signed document: kept number for number and key for key as received,
 * since a signature covers the sender's text and not what JavaScript makes of it.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { printJson } from "../signing/json_print.ts";
import type { Codec } from "./store.ts";

/** Reads and writes lossless JSON objects: two-space indent, unescaped UTF-8, final newline. */
export const documentCodec: Codec<JsonObject> = {
  parse(text) {
    let value;
    try {
      value = parseJson(text);
    } catch (error) {
      // Whatever is wrong with the text, it is no record: the store sets it aside.
      throw new SyntaxError(error instanceof Error ? error.message : "Not JSON", { cause: error });
    }
    if (value instanceof JsonObject) return value;
    throw new MeshError("damaged", "The record is not a JSON object");
  },
  print(document) {
    return printJson(document, 2) + "\n";
  },
};
