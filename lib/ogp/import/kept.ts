/**
 * Files of OGP's own program that there is no use for yet. They are checked and kept, so that nothing is
 * lost when there is.
 *
 * @module
 */
import { isObject, readJson } from "./document.ts";

/** A file to keep. */
export interface KeptFile {
  /** What is written. */
  readonly text: string;
  /** What is in it, in words. */
  readonly detail: string;
}

/** Keys under which the program puts its lists, by version. */
const LISTS = ["projects", "intents"];

/**
 * Checks a JSON file that is kept.
 *
 * @param text The file.
 * @param noun What it holds several of, such as `project`.
 * @returns The file, printed afresh.
 * @throws {MeshError} `invalid_json` if it is damaged.
 */
export function keepJson(text: string, noun: string): KeptFile {
  const value = readJson(text);
  return { text: JSON.stringify(value, null, 2) + "\n", detail: counted(value, noun) };
}

/**
 * Checks a log that is kept.
 *
 * @param text The file.
 * @returns The file, its lines ended as they should be.
 */
export function keepLog(text: string): KeptFile {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const whole = lines.length > 0 ? lines.join("\n") + "\n" : "";
  return { text: whole, detail: `${lines.length} ${lines.length === 1 ? "line" : "lines"}` };
}

function counted(value: unknown, noun: string): string {
  const list = listIn(value);
  if (!list) return "as it was";
  return `${list.length} ${noun}${list.length === 1 ? "" : "s"}`;
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  const list = LISTS.map((key) => value[key]).find(Array.isArray);
  return list ?? Object.keys(value);
}
