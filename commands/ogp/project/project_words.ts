/**
 * Projects and their entries, for people and for programs.
 *
 * @module
 */
import { ownKey } from "../../../lib/ogp/card.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import type { Contribution } from "../../../lib/ogp/projects/contribution_record.ts";
import type { ToldContribution } from "../../../lib/ogp/projects/peer_answers.ts";
import type { Project } from "../../../lib/ogp/projects/project_record.ts";
import type { Terminal } from "../../terminal.ts";
import { ago, localTime } from "../../text.ts";
import type { Who } from "./who.ts";

/** An entry, wherever it is kept. */
export interface Entry {
  /** Its id there. */
  readonly id: string;
  /** Who made it: a key as DER, or a gateway's word. */
  readonly author: string;
  /** When, ISO 8601 if the gateway said so. */
  readonly timestamp: string;
  /** What kind it is. */
  readonly entryType: string;
  /** What it says. */
  readonly summary: string;
  /** Anything else. */
  readonly metadata?: Contribution["metadata"] | ToldContribution["metadata"];
}

/** A column of tables. */
const column = (title: string) => ({ title });

/**
 * A project for programs.
 *
 * @param node The gateway.
 * @param who The names.
 * @param project The project.
 * @returns The document.
 */
export function projectDocument(
  node: OgpNode,
  who: Who,
  project: Project,
): Record<string, unknown> {
  const { id, name, description, joining, members, asking, createdAt, updatedAt } = project;
  return {
    ...{ id, name, description, joining },
    members: [
      who.document(ownKey(node)),
      ...members.map(({ publicKey, since }) => ({ ...who.document(publicKey), since })),
    ],
    asking: asking.map(({ publicKey, askedAt }) => ({ ...who.document(publicKey), askedAt })),
    ...{ createdAt, updatedAt },
  };
}

/**
 * An entry for programs, with the keys that OGP's own program prints.
 *
 * @param who The names.
 * @param projectId The project.
 * @param entry The entry.
 * @returns The document.
 */
export function entryDocument(who: Who, projectId: string, entry: Entry): Record<string, unknown> {
  const { id, author, timestamp, entryType, summary, metadata } = entry;
  return {
    ...{ id, projectId, authorId: who.id(author), author: who.name(author) },
    ...{ entryType, topic: entryType, summary, timestamp, metadata },
  };
}

/**
 * Prints entries as a table.
 *
 * @param terminal Where to.
 * @param who The names.
 * @param entries The entries.
 */
export function printEntries(terminal: Terminal, who: Who, entries: readonly Entry[]): void {
  const rows = entries.map(({ timestamp, entryType, author, summary }) => [
    timeWords(timestamp, localTime),
    entryType,
    who.label(author),
    summary,
  ]);
  terminal.table(["WHEN", "TYPE", "BY", "SUMMARY"].map(column), rows);
}

/**
 * A point in time that a gateway told.
 *
 * @param timestamp ISO 8601, or whatever it said.
 * @param words How to say a time.
 * @returns A few words.
 */
export function timeWords(timestamp: string, words: (time: Date) => string = ago): string {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? timestamp : words(time);
}

/**
 * How many of something.
 *
 * @param count The number.
 * @param noun The thing.
 * @param plural Several of them. Default: with an `s`.
 * @returns Such as `1 entry` or `2 entries`.
 */
export function counted(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
