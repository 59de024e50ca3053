/**
 * Small JSON files in the account's folder: whole or as they were.
 *
 * @module
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Reads a file.
 *
 * @param path The file.
 * @returns Its JSON value, or `undefined` if there is none that can be read.
 */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Writes a file in place of one that may be there.
 *
 * @param path The file.
 * @param value A JSON value.
 * @throws {Error} What the system says.
 */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  writeFileSync(beside, JSON.stringify(value), { mode: 0o600 });
  renameSync(beside, path);
}
