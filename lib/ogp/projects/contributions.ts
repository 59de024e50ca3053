/**
 * Adding contributions and finding them again.
 *
 * A contribution of a peer is stored before the message that carries it: if a crash comes between the two,
 * the peer sends the message again, and the contribution is stored a second time, under the same id with a
 * later time in its name. Of records with one id only the first counts.
 *
 * @module
 */
import { contributionsIn, type ProjectState } from "./project_store.ts";
import {
  authorToken,
  contributionId,
  type ContributionName,
  contributionName,
  readContributionName,
  typeToken,
} from "./contribution_name.ts";
import {
  assertContribution,
  type Contribution,
  contributionOf,
  type NewContribution,
  recordOfContribution,
} from "./contribution_record.ts";
import type { Project } from "./project_record.ts";

/** Who contributes, when, and what tells it from everything else. */
export interface Origin {
  /** The author: a key as DER, or the name that another program had for it. */
  readonly author: string;
  /** The present. */
  readonly now: Date;
  /** What makes it different from all others; the same again is no new contribution. */
  readonly source: string;
}

/** Which contributions are wanted. */
export interface ContributionFilter {
  /** Only of this type. */
  readonly entryType?: string | undefined;
  /** Only of these authors. */
  readonly authors?: readonly string[] | undefined;
  /** Only those in whose summary, type or metadata this text occurs, in any case. */
  readonly search?: string | undefined;
  /** Only the newest so many. Default: all. */
  readonly limit?: number | undefined;
  /** How many records may be read to find them, for those who ask from outside. Default: all. */
  readonly mostRead?: number | undefined;
}

/** Records that are read side by side. */
const BATCH = 16;

/**
 * Adds a contribution. Nothing that anybody else writes is touched, so any number may be added at once.
 *
 * @param state The state.
 * @param project The project.
 * @param what What is said.
 * @param origin Who says it.
 * @returns The contribution. It is on disk.
 * @throws {MeshError} `malformed` or `too_large` for what cannot be contributed.
 */
export async function addContribution(
  state: ProjectState,
  project: Project,
  what: NewContribution,
  { author, now, source }: Origin,
): Promise<Contribution> {
  assertContribution(what);
  const id = await contributionId(`${source}\n${what.entryType}\n${what.summary}`);
  const contribution = { ...what, id, author, timestamp: now.toISOString() };
  const name = contributionName({
    time: now,
    type: await typeToken(what.entryType),
    author: await authorToken(author),
    id,
  });
  await contributionsIn(state, project).create(name, recordOfContribution(contribution));
  return contribution;
}

/**
 * What there is, by the names of the records alone.
 *
 * @param state The state.
 * @param project The project.
 * @returns The names, oldest first, each contribution once.
 */
export async function contributionIndex(
  state: ProjectState,
  project: Project,
): Promise<ContributionName[]> {
  const names = await contributionsIn(state, project).ids();
  const found = new Map<string, ContributionName>();
  for (const name of names) {
    const parts = readContributionName(name);
    if (parts && !found.has(parts.id)) found.set(parts.id, parts);
  }
  return [...found.values()];
}

/**
 * Contributions, newest first. Only the records that may be among them are read.
 *
 * @param state The state.
 * @param project The project.
 * @param filter Which ones.
 * @returns The contributions; damaged records are left out.
 */
export async function listContributions(
  state: ProjectState,
  project: Project,
  filter: ContributionFilter = {},
): Promise<Contribution[]> {
  const { limit = Infinity, mostRead = Infinity } = filter;
  const names = await namesFor(filter, await contributionIndex(state, project));
  const found: Contribution[] = [];
  for (let read = 0; read < Math.min(names.length, mostRead) && found.length < limit;) {
    const batch = names.slice(read, Math.min(read + BATCH, mostRead));
    const records = await Promise.all(
      batch.map(({ name }) => readContribution(state, project, name)),
    );
    found.push(
      ...records.filter((one) => one !== undefined && fits(one, filter)) as Contribution[],
    );
    read += batch.length;
  }
  return found.slice(0, limit);
}

/**
 * One contribution.
 *
 * @param state The state.
 * @param project The project.
 * @param name The name of its record.
 * @returns The contribution, or `undefined` if it is damaged or gone.
 */
export async function readContribution(
  state: ProjectState,
  project: Project,
  name: string,
): Promise<Contribution | undefined> {
  const record = await contributionsIn(state, project).get(name);
  return record && contributionOf(record);
}

async function namesFor(
  { entryType, authors }: ContributionFilter,
  index: readonly ContributionName[],
): Promise<ContributionName[]> {
  const type = entryType === undefined ? undefined : await typeToken(entryType);
  const tokens = authors && new Set(await Promise.all(authors.map(authorToken)));
  return index.filter((one) =>
    (type === undefined || one.type === type) && (!tokens || tokens.has(one.author))
  ).reverse();
}

function fits(
  one: Contribution,
  { entryType, authors, search }: ContributionFilter,
): boolean {
  if (entryType !== undefined && one.entryType !== entryType) return false;
  if (authors && !authors.includes(one.author)) return false;
  return search === undefined || saysText(one, search);
}

/**
 * Whether a text occurs in a contribution, in any case.
 *
 * @param contribution Its summary, type and metadata are looked at.
 * @param search The text.
 * @returns Whether it does.
 */
export function saysText(
  { summary, entryType, metadata }: Pick<Contribution, "summary" | "entryType" | "metadata">,
  search: string,
): boolean {
  const wanted = search.toLowerCase();
  const texts = [summary, entryType, metadata === undefined ? "" : JSON.stringify(metadata)];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}
