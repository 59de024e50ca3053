/**
 * What the keywords of a schema have in common.
 *
 * @module
 */
import { MeshError } from "../../error.ts";

/** What is wrong, and where. */
export interface Problem {
  /** The place in the payload, such as `/steps/0`; the payload itself is `""`. */
  readonly at: string;
  /** The rest of the sentence that begins with the place. */
  readonly what: string;
}

/** Looks at a value at a place. */
export type Check = (value: unknown, path: string) => Problem | undefined;

/** Reads a schema inside another one. */
export type CompileAt = (schema: unknown, at: string) => Check;

/** What a keyword is read with. */
export interface KeywordContext {
  /** The schema that it stands in. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Where, for errors. */
  readonly at: string;
  /** Reads the schemas inside. */
  readonly compileAt: CompileAt;
}

/** Reads the argument of a keyword; throws a `MeshError` if it is none. */
export type Keyword = (argument: unknown, context: KeywordContext) => Check;

/** Longest name of a peer's that is repeated. */
const LONGEST_PLACE = 100;

/**
 * A place in words.
 *
 * @param path As in {@link Problem}.
 * @returns The place in quotes, or `The payload`.
 */
export function place(path: string): string {
  if (path === "") return "The payload";
  const short = path.slice(1, LONGEST_PLACE + 1).toWellFormed().replace(/\p{C}/gu, "?");
  return `"${short}"`;
}

/**
 * A place below another one.
 *
 * @param path The place.
 * @param key The property or index.
 * @returns The path.
 */
export function below(path: string, key: string | number): string {
  return `${path}/${key}`;
}

/**
 * Whether a value is an object of JSON.
 *
 * @param value Plain JSON.
 * @returns `false` for arrays and `null`.
 */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A text that is the same for the same JSON, whatever the order of its keys.
 *
 * @param value Plain JSON.
 * @returns The text.
 */
export function sameText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sameText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sameText(value[key])}`).join(",")}}`;
}

/**
 * An error about a keyword's argument.
 *
 * @param at Where.
 * @param wanted What it must be.
 * @returns The error.
 */
export function badArgument(at: string, wanted: string): MeshError {
  return new MeshError("malformed", `${at} is not ${wanted}`);
}

/**
 * A keyword's argument that must be a whole number of at least 0.
 *
 * @param argument The argument.
 * @param at Where.
 * @returns The number.
 * @throws {MeshError} `malformed` if it is something else.
 */
export function countArgument(argument: unknown, at: string): number {
  if (Number.isSafeInteger(argument) && (argument as number) >= 0) return argument as number;
  throw badArgument(at, "a whole number of at least 0");
}
