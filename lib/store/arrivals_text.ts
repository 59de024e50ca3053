/**
 * The text of an arrivals journal: the file `.arrivals` in a folder of very many records, which names those
 * that may have changed since it was begun. A line is a mark and a record's encoded id.
 *
 * | mark | the record |
 * | --- | --- |
 * | `+` | is about to be created |
 * | `!` | was not created after all, for its name was taken |
 * | `=` | is about to be replaced |
 * | `-` | is about to be deleted |
 * | `*` | was named when the journal was begun: one of the newest, or on its way in just then |
 *
 * One line, `#`, says what the folder's other records come to. The `*` lines follow it, in one write.
 *
 * @module
 */

import { EXTENSION } from "./listing.ts";
import { decodeName } from "./names.ts";
import { NameSum } from "./name_sum.ts";
import type { Position } from "./position.ts";

/** What the file is called: no record has such a name. */
export const JOURNAL_NAME = ".arrivals";

/** The longest journal in bytes that is of use: some 20,000 lines. A longer one is begun anew. */
export const JOURNAL_LIMIT = 1024 * 1024;

/** What a writer says of a record. */
export type Mark = "+" | "!" | "=" | "-";

/** The records that a journal did not name when it was begun. */
export interface Others {
  /** Their file names. */
  readonly names: NameSum;
  /** The newest of them; `undefined` if there are none. */
  readonly newest: Position | undefined;
}

/** The `#` line. */
export interface Beginning {
  /** The number of the file that it was written to, so that a copy is no journal. */
  readonly file: string;
  /** How many `*` lines follow. */
  readonly named: number;
  /** All other records. */
  readonly others: Others;
}

/**
 * A writer's line.
 *
 * @param mark What it says.
 * @param fileName The record's file.
 * @returns The line with its end.
 */
export function printLine(mark: Mark | "*", fileName: string): string {
  return `${mark}${fileName.slice(0, -EXTENSION.length)}\n`;
}

/**
 * The record's file that a line is about.
 *
 * @param line The line without its end.
 * @returns The name of the file, or `undefined` if it is none that a record can have.
 */
export function fileNameIn(line: string): string | undefined {
  const name = line.slice(1);
  return decodeName(name) === undefined ? undefined : name + EXTENSION;
}

/**
 * The `#` line and those that follow it.
 *
 * @param file The number of the journal's file.
 * @param others The records that are not named.
 * @param fileNames The files of those that are.
 * @returns The lines.
 */
export function printBeginning(
  file: string,
  { names, newest }: Others,
  fileNames: readonly string[],
): string {
  const last = newest === undefined ? "" : ` ${newest.time} ${encodeURIComponent(newest.id)}`;
  const head = `# 1 ${file} ${fileNames.length} ${names.parts.join(" ")}${last}\n`;
  return head + fileNames.map((name) => printLine("*", name)).join("");
}

const BEGINNING = /^# 1 (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)(?: (-?\d{1,16}) (\S+))?$/;

/**
 * Reads a `#` line.
 *
 * @param line The line without its end.
 * @returns What it says, or `undefined` if it is damaged or of another version.
 */
export function parseBeginning(line: string): Beginning | undefined {
  const [, file, named, seed, count, first, second, time, id] = BEGINNING.exec(line) ?? [];
  if (file === undefined) return undefined;
  const names = new NameSum(Number(seed), Number(count), Number(first), Number(second));
  if (id === undefined) return { file, named: Number(named), others: { names, newest: undefined } };
  try {
    const newest = { id: decodeURIComponent(id), time: Number(time) };
    return { file, named: Number(named), others: { names, newest } };
  } catch {
    return undefined;
  }
}
