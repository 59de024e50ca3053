/**
 * What a project is about: its entry types, how much there is of each, by whom, and what came last.
 *
 * @module
 */
import { authorToken, type ContributionName } from "./contribution_name.ts";
import type { Contribution } from "./contribution_record.ts";
import { contributionIndex, readContribution } from "./contributions.ts";
import type { Project } from "./project_record.ts";
import type { ProjectState } from "./project_store.ts";

/** One entry type of a project. */
export interface TopicSummary {
  /** The type. */
  readonly name: string;
  /** How many contributions there are. */
  readonly contributionCount: number;
  /** Their authors, each once: keys as DER, or other programs' names. At most 50. */
  readonly contributors: readonly string[];
  /** The newest of them. */
  readonly lastContribution: Contribution;
}

/** All there is in a project, in short. */
export interface ProjectSummary {
  /** The entry types in the order in which they came up; of very many only the ones used last. */
  readonly topics: readonly TopicSummary[];
  /** How many contributions there are in all. */
  readonly contributionCount: number;
  /** When the record or the contributions last changed, ISO 8601. */
  readonly updatedAt: string;
}

/** Most entry types that are told: types are free words, and a peer may make up any number. */
const MOST_TOPICS = 100;

/** Most authors of a type that are told. */
const MOST_CONTRIBUTORS = 50;

interface Group {
  count: number;
  newest: ContributionName;
  /** The newest of each author. */
  readonly authors: Map<string, ContributionName>;
}

/**
 * Sums a project up. The names of all records are looked at, and a record of each type is read.
 *
 * @param state The state.
 * @param project The project.
 * @param keys Keys of possible authors as DER; others are read from their records.
 * @returns The summary.
 */
export async function summarizeProject(
  state: ProjectState,
  project: Project,
  keys: readonly string[],
): Promise<ProjectSummary> {
  const index = await contributionIndex(state, project);
  const known = new Map<string, string>();
  for (const key of keys) known.set(await authorToken(key), key);
  const topics: TopicSummary[] = [];
  for (const group of lastUsed(groupsOf(index))) {
    const last = await readContribution(state, project, group.newest.name);
    if (!last) continue;
    topics.push({
      name: last.entryType,
      contributionCount: group.count,
      contributors: await authorsOf(state, project, group, known),
      lastContribution: last,
    });
  }
  const newest = index.at(-1)?.time.toISOString() ?? "";
  return {
    topics,
    contributionCount: index.length,
    updatedAt: newest > project.updatedAt ? newest : project.updatedAt,
  };
}

/** By type, in the order in which the types came up. */
function groupsOf(index: readonly ContributionName[]): Group[] {
  const groups = new Map<string, Group>();
  for (const name of index) {
    const group = groups.get(name.type) ?? { count: 0, newest: name, authors: new Map() };
    groups.set(name.type, group);
    group.count++;
    group.newest = name;
    group.authors.set(name.author, name);
  }
  return [...groups.values()];
}

function lastUsed(groups: readonly Group[]): readonly Group[] {
  if (groups.length <= MOST_TOPICS) return groups;
  const newestFirst = [...groups].sort((a, b) => a.newest.name < b.newest.name ? 1 : -1);
  const kept = new Set(newestFirst.slice(0, MOST_TOPICS));
  return groups.filter((group) => kept.has(group));
}

async function authorsOf(
  state: ProjectState,
  project: Project,
  { authors }: Group,
  known: Map<string, string>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [token, { name }] of [...authors].slice(0, MOST_CONTRIBUTORS)) {
    const author = known.get(token) ?? (await readContribution(state, project, name))?.author;
    if (author === undefined) continue;
    known.set(token, author);
    found.push(author);
  }
  return found;
}
