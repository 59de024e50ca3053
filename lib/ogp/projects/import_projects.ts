/**
 * Projects of OGP's own program, taken over: who is a member stays a member if it is a peer of ours, and
 * what was contributed keeps its time and its author. Source: `projects.json` of versions 0.2 and 0.7, a
 * list of projects whose contributions are either in their topics or in one list.
 *
 * @module
 */
import { z } from "zod";
import { codeOf, messageOf } from "../../error.ts";
import { hostPort, ID_DIGITS, keyId } from "../names.ts";
import type { OgpPeer } from "../records.ts";
import type { OgpState } from "../state.ts";
import { authorIdentityOf, type NewContribution } from "./contribution_record.ts";
import { addContribution } from "./contributions.ts";
import { addMember, createProject, type Owner } from "./membership.ts";
import type { Project } from "./project_record.ts";
import { findProject } from "./project_store.ts";

/** Who takes over. */
export interface Importer extends Owner {
  /** The state. */
  readonly state: OgpState;
  /** Our own key as DER, if there is one yet. */
  readonly ownKey?: string | undefined;
}

/** What became of one project. */
export interface ImportedProject {
  /** Its id there; empty for what is no project. */
  readonly id: string;
  /** `taken`: it is here now, or more complete than before; `refused`, with the reason. */
  readonly fate: "taken" | "refused";
  /** How many contributions are here now that were there. */
  readonly contributions: number;
  /** Why not, or what could not be taken. */
  readonly detail: string;
}

const text = z.string();
const optional = text.nullish().catch(undefined).transform((given) => given || undefined);
const texts = z.array(z.unknown()).catch([]).transform((all) =>
  all.filter((one) => typeof one === "string")
);

const contributionShape = z.looseObject({
  id: optional,
  timestamp: optional,
  authorId: optional,
  peerId: optional,
  entryType: optional,
  topic: optional,
  summary: text.min(1),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});

const projectShape = z.looseObject({
  id: text.min(1),
  name: text.min(1),
  description: optional,
  members: texts,
  topics: z.array(z.unknown()).catch([]),
  contributions: z.array(z.unknown()).catch([]),
});

const topicShape = z.looseObject({ name: text, contributions: z.array(z.unknown()).catch([]) });

/**
 * Takes projects over. Doing it again adds only what is not here yet.
 *
 * @param importer Who takes over.
 * @param plain What `projects.json` holds, parsed; the list itself, or an object with `projects`.
 * @returns What became of each project.
 */
export async function importProjects(
  importer: Importer,
  plain: unknown,
): Promise<ImportedProject[]> {
  const list = Array.isArray(plain) ? plain : (plain as { projects?: unknown } | null)?.projects;
  if (!Array.isArray(list)) return [refused("", "It is not a list of projects")];
  const keyOf = await keysByName(importer);
  const outcomes: ImportedProject[] = [];
  for (const one of list) outcomes.push(await importProject(importer, one, keyOf));
  return outcomes;
}

async function importProject(
  importer: Importer,
  value: unknown,
  keyOf: (name: string) => string | undefined,
): Promise<ImportedProject> {
  const parsed = projectShape.safeParse(value);
  if (!parsed.success) {
    const id = (value as { id?: unknown } | null)?.id;
    return refused(typeof id === "string" ? id : "", "It has no id or no name");
  }
  const { id, name, description, members } = parsed.data;
  try {
    const project = await findProject(importer.state, id) ??
      await createProject(importer, { id, name, description });
    const unknown = await importMembers(importer, project, members, keyOf);
    const { taken, left } = await importContributions(importer, project, parsed.data, keyOf);
    const details = [
      ...(unknown > 0 ? [`${unknown} of its members are no peers here`] : []),
      ...(left > 0 ? [`${left} contributions are damaged or too long`] : []),
    ];
    return { id, fate: "taken", contributions: taken, detail: details.join("; ") };
  } catch (error) {
    if (!["usage", "malformed", "exists"].includes(codeOf(error))) throw error;
    return refused(id, messageOf(error));
  }
}

async function importMembers(
  importer: Importer,
  { id }: Project,
  members: readonly string[],
  keyOf: (name: string) => string | undefined,
): Promise<number> {
  let unknown = 0;
  for (const name of members) {
    const key = keyOf(name);
    // Its owner is a member under an address; here that goes without saying.
    if (key === undefined && !name.includes("@")) unknown++;
    if (key !== undefined && key !== importer.ownKey) await addMember(importer, id, key);
  }
  return unknown;
}

async function importContributions(
  { state }: Importer,
  project: Project,
  data: z.infer<typeof projectShape>,
  keyOf: (name: string) => string | undefined,
): Promise<{ taken: number; left: number }> {
  let taken = 0;
  let left = 0;
  for (const { value, topic } of contributionsOf(data)) {
    const parsed = contributionShape.safeParse(value);
    const one = parsed.data;
    const time = one?.timestamp === undefined ? NaN : Date.parse(one.timestamp);
    if (!one || !(time >= 0 && time < 253_402_300_800_000)) {
      left++;
      continue;
    }
    const authorId = one.authorId ?? one.peerId ?? "unknown";
    const what: NewContribution = {
      entryType: one.entryType ?? one.topic ?? topic ?? "unknown",
      summary: one.summary,
      ...(one.metadata ? { metadata: one.metadata } : {}),
      authorIdentity: authorIdentityOf(one.authorIdentity),
    };
    const source = `import ${project.id} ${one.id ?? ""} ${one.timestamp} ${authorId}`;
    const author = keyOf(authorId) ?? authorId.slice(0, 300);
    try {
      await addContribution(state, project, what, { author, now: new Date(time), source });
      taken++;
    } catch (error) {
      if (!["malformed", "too_large"].includes(codeOf(error))) throw error;
      left++;
    }
  }
  return { taken, left };
}

function contributionsOf(
  { topics, contributions }: z.infer<typeof projectShape>,
): { value: unknown; topic?: string | undefined }[] {
  const nested = topics.map((topic) => topicShape.safeParse(topic))
    .filter(({ success }) => success)
    .flatMap(({ data }) => data?.contributions.map((value) => ({ value, topic: data.name })) ?? []);
  return [...nested, ...contributions.map((value) => ({ value }))];
}

/** Whom the program means: a key, the beginning of one, `host:port`, or the id that it gave a peer. */
async function keysByName(
  { state, ownKey }: Importer,
): Promise<(name: string) => string | undefined> {
  const { entries } = await state.peers.list();
  const peers = entries.map(({ value }) => value);
  return (name) => {
    const wanted = name.toLowerCase();
    const keys = new Set(
      peers.filter((peer) => namesOf(peer).includes(wanted) || begins(peer.publicKey, wanted))
        .map(({ publicKey }) => publicKey),
    );
    if (ownKey !== undefined && begins(ownKey, wanted)) keys.add(ownKey);
    return keys.size === 1 ? [...keys][0] : undefined;
  };
}

function namesOf({ id, publicKey, gatewayUrl }: OgpPeer): string[] {
  return [id, keyId(publicKey), hostPort(gatewayUrl)].map((name) => name.toLowerCase());
}

function begins(publicKey: string, name: string): boolean {
  return name.length >= ID_DIGITS && publicKey.startsWith(name);
}

function refused(id: string, detail: string): ImportedProject {
  return { id, fate: "refused", contributions: 0, detail };
}
