/**
 * Records as JSON that people can read and mend: two spaces of indent, UTF-8 unescaped, a final newline.
 *
 * @module
 */

import { MeshError, messageOf } from "../error.ts";
import type { Codec } from "./store.ts";

/** Checks a value's shape and returns it, or throws; a zod schema is one. */
export interface Shape<T> {
  /** The value as a `T`. */
  parse(value: unknown): T;
}

/**
 * A codec for records of a shape.
 *
 * @param shape Judges what was parsed. An error with zod's `issues` is told by the first of them.
 * @returns The codec. Its `parse` throws a `SyntaxError` on text that is not one JSON value and a
 * `MeshError` `damaged` on a value of another shape; its `print` throws `malformed` for what JSON has no
 * text for.
 *
 * @example
 * ```ts
 * import { jsonCodec } from "./json_codec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const codec = jsonCodec({ parse: (value) => value as { text: string } });
 * assertEquals(codec.print({ text: "é" }), '{\n  "text": "é"\n}\n');
 * assertEquals(codec.parse('{"text":"é"}').text, "é");
 * ```
 */
export function jsonCodec<T>(shape: Shape<T>): Codec<T> {
  return {
    parse(text) {
      const value: unknown = JSON.parse(text);
      try {
        return shape.parse(value);
      } catch (error) {
        throw new MeshError("damaged", `Record is not as expected: ${firstIssue(error)}`, {
          hint: "mend the file with an editor, or move it away",
          cause: error,
        });
      }
    },
    print(value) {
      const text: string | undefined = JSON.stringify(value, null, 2);
      if (text === undefined) throw new MeshError("malformed", "Record has no JSON form");
      return text + "\n";
    },
  };
}

function firstIssue(error: unknown): string {
  const issues: unknown = (error as { issues?: unknown } | null)?.issues;
  const issue: unknown = Array.isArray(issues) ? issues[0] : undefined;
  if (issue === null || typeof issue !== "object") return messageOf(error);
  const { path, message } = issue as { path?: unknown; message?: unknown };
  const where = Array.isArray(path) && path.length > 0
    ? `at "${path.map(String).join(".")}", `
    : "";
  return where + String(message ?? "wrong shape");
}
