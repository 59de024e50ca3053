/**
 * What peers are answered about projects, in the form of both dialects: `topic` beside `entryType`, and
 * names that the asking peer understands.
 *
 * @module
 */
import { ownKey } from "../card.ts";
import type { OgpNode } from "../node.ts";
import type { OgpPeer } from "../records.ts";
import type { Contribution } from "./contribution_record.ts";
import { listContributions } from "./contributions.ts";
import type { QueryPayload } from "./payloads.ts";
import type { Project } from "./project_record.ts";
import { summarizeProject } from "./topic_summary.ts";
import { WireNames } from "./wire_names.ts";

/** Most records that are read for one question: a text that occurs nowhere would be looked for in all. */
const MOST_READ = 2000;

/** Most bytes of the contributions in an answer, as it is stored: indented, which may be most of it. */
const LARGEST_LIST = 700_000;

/**
 * Answers `project.query`.
 *
 * @param node This gateway.
 * @param viewer The peer that asks.
 * @param project The project.
 * @param query What it asks.
 * @returns The answer, the newest contribution first; of very long ones fewer than were asked for.
 */
export async function answerQuery(
  node: OgpNode,
  viewer: OgpPeer,
  project: Project,
  query: QueryPayload,
): Promise<Record<string, unknown>> {
  const { entryType, authorId, search, limit } = query;
  const members = await WireNames.for(node, viewer, keysOf(node, viewer, project));
  const found = await listContributions(node.state, project, {
    ...{ entryType, search, limit },
    ...(authorId === undefined ? {} : { authors: members.meant(authorId) }),
    mostRead: MOST_READ,
  });
  const names = await WireNames.for(node, viewer, [
    ...keysOf(node, viewer, project),
    ...found.map(({ author }) => author),
  ]);
  return {
    projectId: project.id,
    projectName: project.name,
    contributions: withinBounds(found.map((one) => contributionFor(names, one))),
  };
}

/**
 * Answers `project.status`.
 *
 * @param node This gateway.
 * @param viewer The peer that asks.
 * @param project The project.
 * @returns The answer.
 */
export async function answerStatus(
  node: OgpNode,
  viewer: OgpPeer,
  project: Project,
): Promise<Record<string, unknown>> {
  const keys = keysOf(node, viewer, project);
  const { topics, updatedAt } = await summarizeProject(node.state, project, keys);
  const names = await WireNames.for(node, viewer, [
    ...keys,
    ...topics.flatMap(({ contributors }) => contributors),
  ]);
  const { id, name, description, createdAt, members } = project;
  const all = [ownKey(node), ...members.map(({ publicKey }) => publicKey)];
  return {
    project: {
      ...{ id, name },
      ...(description === undefined ? {} : { description }),
      members: all.map((key) => names.of(key)),
      ...{ createdAt, updatedAt },
    },
    topics: topics.map((topic) => ({
      name: topic.name,
      contributionCount: topic.contributionCount,
      contributors: topic.contributors.map((author) => names.of(author)),
      lastContribution: {
        timestamp: topic.lastContribution.timestamp,
        authorId: names.of(topic.lastContribution.author),
        // A summary of the summaries: the whole of it is there for the asking.
        summary: topic.lastContribution.summary.slice(0, 1000).toWellFormed(),
      },
    })),
  };
}

/** Whoever may be named in an answer, as far as it is known before anything is read. */
function keysOf(node: OgpNode, viewer: OgpPeer, { members }: Project): string[] {
  return [ownKey(node), viewer.publicKey, ...members.map(({ publicKey }) => publicKey)];
}

function contributionFor(
  names: WireNames,
  { id, timestamp, author, entryType, summary, metadata }: Contribution,
): Record<string, unknown> {
  return {
    ...{ id, timestamp, authorId: names.of(author), entryType, topic: entryType, summary },
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function withinBounds(all: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  let size = 0;
  return all.filter((one) => (size += storedSize(one)) <= LARGEST_LIST);
}

function storedSize(value: unknown): number {
  const text = JSON.stringify(value, null, 2);
  // In the record of the answer each line is four levels further in.
  return new TextEncoder().encode(text).length + 8 * text.split("\n").length;
}
