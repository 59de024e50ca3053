/**
 * How records of contributions are named: by when they came, their type, their author, and what they are.
 * So the names alone tell how many there are of which type and by whom, and which are the newest, without
 * reading a hundred thousand records.
 *
 * @module
 */
import { digestOf } from "../exchange.ts";
import { peerName } from "../state.ts";

/** What a record's name tells. */
export interface ContributionName {
  /** The record's name. */
  readonly name: string;
  /** When it was contributed. */
  readonly time: Date;
  /** Stands for its type. */
  readonly type: string;
  /** Stands for its author. */
  readonly author: string;
  /** The contribution's id. */
  readonly id: string;
}

/** Digits that stand for a type or an author: 64 bits. */
const TOKEN = 16;

/** Digits of a contribution's id: 96 bits. */
const ID = 24;

const FORM = new RegExp(
  `^(\\d{4})(\\d{2})(\\d{2})T(\\d{2})(\\d{2})(\\d{2})(\\d{3})Z` +
    `-([0-9a-f]{${TOKEN}})-([0-9a-f]{${TOKEN}})-([0-9a-f]{${ID}})$`,
);

/**
 * What stands for an entry type in names.
 *
 * @param entryType The type.
 * @returns 16 hex digits.
 */
export async function typeToken(entryType: string): Promise<string> {
  return (await digestOf(`type ${entryType}`)).slice(0, TOKEN);
}

/**
 * What stands for an author in names.
 *
 * @param author A key as DER, or whatever else an author is known by.
 * @returns 16 hex digits: the beginning of the raw key if it is a key.
 */
export async function authorToken(author: string): Promise<string> {
  if (isKey(author)) return peerName(author).slice(0, TOKEN);
  return (await digestOf(`author ${author}`)).slice(0, TOKEN);
}

/**
 * The id of a contribution. The same thing said again by the same message has the same id.
 *
 * @param source What makes it different from all others, such as the name of the message's record.
 * @returns 24 hex digits.
 */
export async function contributionId(source: string): Promise<string> {
  return (await digestOf(`contribution ${source}`)).slice(0, ID);
}

/**
 * The name of a record.
 *
 * @param parts What it tells.
 * @returns Such as `20261121T082557128Z-…-…-…`; later ones sort behind earlier ones.
 */
export function contributionName(parts: Omit<ContributionName, "name">): string {
  const stamp = parts.time.toISOString().replace(/[-:.]/g, "");
  return [stamp, parts.type, parts.author, parts.id].join("-");
}

/**
 * Reads a name.
 *
 * @param name The name of a record.
 * @returns What it tells, or `undefined` if it is another file's.
 *
 * @example
 * ```ts
 * import { contributionName, readContributionName } from "./contribution_name.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const time = new Date("2026-11-21T08:25:57.128Z");
 * const parts = { time, type: "0".repeat(16), author: "1".repeat(16), id: "2".repeat(24) };
 * const name = contributionName(parts);
 * assertEquals(readContributionName(name), { name, ...parts });
 * ```
 */
export function readContributionName(name: string): ContributionName | undefined {
  const match = FORM.exec(name);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, ms, type, author, id] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  if (Number.isNaN(time.getTime())) return undefined;
  return { name, time, type: type ?? "", author: author ?? "", id: id ?? "" };
}

/**
 * Whether an author is known by its key. What another program recorded may have authors of other names.
 *
 * @param author The author.
 * @returns Whether it is a key as DER.
 */
export function isKey(author: string): boolean {
  return /^302a300506032b6570032100[0-9a-f]{64}$/.test(author);
}
