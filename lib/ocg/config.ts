/**
 * Reads the text of `ocg.json`, and says of a text that will not do: which key, what was found there, and
 * what is allowed. No error repeats a secret.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { judgeOcgConfig, OCG_CONFIG_KEYS, type ShapeIssue } from "./config_shape.ts";
import type { OcgConfig } from "./config_types.ts";

/** A configuration, and what is odd about it. */
export interface ParsedConfig {
  /** With its defaults. */
  readonly config: OcgConfig;
  /** Sentences for the owner, such as on keys that mean nothing here. */
  readonly warnings: readonly string[];
}

const SECRET_KEY = /secret|token|key|password|auth/i;
const LONGEST_SHOWN = 60;

/**
 * Parses the file.
 *
 * @param text What it holds.
 * @param name What errors call it.
 * @returns The configuration and warnings.
 * @throws {MeshError} `config_invalid`.
 *
 * @example
 * ```ts
 * import { parseOcgConfig } from "./config.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseOcgConfig('{"model": "gpt-4o"}').config.callbackPort, 3457);
 * assertThrows(
 *   () => parseOcgConfig('{"callbackPort": "3457"}'),
 *   Error,
 *   '"callbackPort" is "3457"; allowed is a whole number from 0 to 65535',
 * );
 * ```
 */
export function parseOcgConfig(text: string, name = "ocg.json"): ParsedConfig {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // What the parser says quotes the text, which holds secrets.
    throw invalid(`${name} is not JSON`, `mend ${name}: a comma too many, or a quote too few?`);
  }
  return checkOcgConfig(value, name);
}

/**
 * Checks a value that may become the file.
 *
 * @param value The JSON value.
 * @param name What errors call the file.
 * @returns The configuration and warnings.
 * @throws {MeshError} `config_invalid`.
 */
export function checkOcgConfig(value: unknown, name = "ocg.json"): ParsedConfig {
  const judged = judgeOcgConfig(value);
  if ("issue" in judged) throw invalid(`${name}: ${describe(value, judged.issue)}`, `mend ${name}`);
  const warnings: string[] = [];
  for (const key of Object.keys(value as object)) {
    if (OCG_CONFIG_KEYS.includes(key) || key.startsWith("$")) continue;
    const meant = OCG_CONFIG_KEYS.find((known) => isSlip(key, known));
    // A secret under a name that nobody reads is a door that its owner believes to be locked.
    if (meant) throw invalid(`${name}: there is no key "${key}"`, `did you mean "${meant}"?`);
    warnings.push(`${name}: the key "${key}" means nothing here`);
  }
  return { config: judged.config, warnings };
}

function describe(root: unknown, { path, message }: ShapeIssue): string {
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
    root,
  );
  if (path.length === 0) return `the file holds ${shown(value, false)}; allowed is ${message}`;
  const key = path.map(String).join(".");
  if (value === undefined) return `"${key}" is missing; allowed is ${message}`;
  const secret = path.some((part) => typeof part === "string" && SECRET_KEY.test(part));
  return `"${key}" is ${shown(value, secret)}; allowed is ${message}`;
}

function shown(value: unknown, secret: boolean): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (secret && typeof value === "string") return `a text of ${value.length} characters`;
  if (secret && typeof value === "number") return "a number";
  // A URL that is not allowed may be so for the password in it.
  const text = JSON.stringify(value).replace(/\/\/[^/@]*@/g, "//…@");
  return text.length <= LONGEST_SHOWN ? text : text.slice(0, LONGEST_SHOWN).toWellFormed() + "…";
}

/** Whether one was written for the other: another case, or a letter too few, too many or wrong. */
function isSlip(written: string, known: string): boolean {
  const [a, b] = [written.toLowerCase().replace(/[_-]/g, ""), known.toLowerCase()];
  if (a === b) return true;
  if (b.length < 5 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}

function invalid(sentence: string, hint: string): MeshError {
  return new MeshError("config_invalid", sentence, { hint });
}
