/**
 * Configurations and lines of logs as a report for strangers shows them: what they are, and nothing that
 * somebody wrote or that lets anybody in.
 *
 * @module
 */
import { shownValue } from "../config/shown_value.ts";
import { parseLine } from "../log/line.ts";

/** Lists in which a secret may stand as a word of a command line. */
const WORDS = new Set(["argv", "args"]);

/** Numbers from here on are rather somebody's id than a size or a time. */
const LARGE = 1e7;

/** Parts of a URL's path that everybody's have. */
const COMMON_PART =
  /^(?:|v\d+|api|chat|completions|models|hooks|agent|webhooks?|federation|message)$/i;

/**
 * A configuration.
 *
 * @param document What a JSON file holds.
 * @returns The same; with `set` for secrets, programs without their arguments, URLs without what may be a
 * secret in their paths, and large numbers and lists of numbers as texts, so that they can be hidden as other ids are.
 *
 * @example
 * ```ts
 * import { shownConfiguration } from "./shown_document.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   shownConfiguration({ argv: ["run", "--key", "x"], url: "https://a.example/T0/B0", ids: [123456789] }),
 *   { argv: ["run", "[2 words]"], url: "https://a.example/…", ids: ["123456789"] },
 * );
 * ```
 */
export function shownConfiguration(document: unknown): unknown {
  return at(shownValue([], document), "");
}

function at(value: unknown, name: string): unknown {
  if (typeof value === "number") return Math.abs(value) < LARGE ? value : String(value);
  if (typeof value === "string") return shownPath(value);
  if (Array.isArray(value)) {
    // The program itself is the first word of `argv` only.
    const kept = WORDS.has(name) ? (name === "argv" ? 1 : 0) : value.length;
    const rest = value.length - kept;
    return [
      ...value.slice(0, kept).map((one) => at(typeof one === "number" ? String(one) : one, "")),
      ...(rest > 0 ? [`[${rest} words]`] : []),
    ];
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, at(one, key)]));
}

function shownPath(text: string): string {
  const [, origin, path = ""] = /^(https?:\/\/[^/?#]+)([^?#]*)/i.exec(text) ?? [];
  if (origin === undefined || path.split("/").every((part) => COMMON_PART.test(part))) return text;
  return `${origin}/…${text.slice(origin.length + path.length)}`;
}

/**
 * A line of a log, without what somebody said in a chat: its owner may have wanted to read along, nobody else
 * did.
 *
 * @param text The line.
 * @returns The line.
 */
export function shownLine(text: string): string {
  const entry = parseLine(text);
  const { event, said } = entry?.properties ?? {};
  if (!entry || (said === undefined && event !== "ocg-plugin")) return text;
  const [before = ""] = entry.message.split(event === "ocg-plugin" ? " says: " : ': "');
  const properties = { ...entry.properties, said: undefined, line: undefined };
  return JSON.stringify({ ...entry, message: `${before}: […]`, properties });
}
