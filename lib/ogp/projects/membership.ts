/**
 * Creating and deleting projects, and who is let into them: the owner decides, by inviting a peer, by
 * letting in one that asked, or by opening a project to all approved peers.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { quoted } from "../scope_rules.ts";
import type { OgpState } from "../state.ts";
import {
  assertProjectId,
  isMember,
  type Joining,
  type Project,
  PROJECT_LIMITS,
} from "./project_record.ts";
import {
  findProject,
  getProject,
  newFolder,
  projectNotFound,
  projectsIn,
  removeContributions,
  removeLeftovers,
} from "./project_store.ts";

/** What is needed of a gateway. */
export interface Owner {
  /** The state. */
  readonly state: Pick<OgpState, "store" | "root" | "audit">;
  /** The present. */
  readonly now: () => Date;
}

/** A project that is to be created. */
export interface NewProject {
  /** Its id. */
  readonly id: string;
  /** Its name for people. */
  readonly name: string;
  /** What it is about. */
  readonly description?: string | undefined;
  /** The keys of its first members, as DER. */
  readonly members?: readonly string[] | undefined;
  /** How others become members. Default `invited`. */
  readonly joining?: Joining | undefined;
}

/** What comes of asking to be let in. */
export type Admission =
  | { readonly state: "joined"; readonly project: Project }
  | { readonly state: "pending"; readonly project: Project };

/**
 * Creates a project, with the owner's own gateway as its first member.
 *
 * @param owner This gateway.
 * @param wanted The project.
 * @returns Its record.
 * @throws {MeshError} `usage` for an id, a name or a description that cannot be, `exists`.
 */
export async function createProject({ state, now }: Owner, wanted: NewProject): Promise<Project> {
  const { id, members = [], joining = "invited" } = wanted;
  assertProjectId(id);
  const name = words("name", wanted.name, PROJECT_LIMITS.name);
  const description = wanted.description?.trim()
    ? words("description", wanted.description, PROJECT_LIMITS.description)
    : undefined;
  const at = now().toISOString();
  const project: Project = {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    createdAt: at,
    updatedAt: at,
    folder: newFolder(),
    joining,
    members: [...new Set(members)].map((publicKey) => ({ publicKey, since: at })),
    asking: [],
  };
  const projects = projectsIn(state);
  if (await projects.has(id)) throw taken(id);
  await state.audit.decision({
    event: "project.created",
    project: id,
    joining,
    members: members.length,
  });
  if (!await projects.create(id, project)) throw taken(id);
  await removeLeftovers(state, project);
  return project;
}

/**
 * Deletes a project with all that was contributed to it.
 *
 * @param owner This gateway.
 * @param id The project's id.
 * @returns The record as it was.
 * @throws {MeshError} `not_found`.
 */
export async function deleteProject({ state }: Owner, id: string): Promise<Project> {
  const project = await getProject(state, id);
  await state.audit.decision({ event: "project.deleted", project: id });
  if (!await projectsIn(state).delete(id)) throw projectNotFound(id);
  await removeContributions(state, project);
  return project;
}

/**
 * Makes a peer a member, whether or not it has asked.
 *
 * @param owner This gateway.
 * @param id The project's id.
 * @param publicKey The peer's key as DER.
 * @returns The project as it is now.
 * @throws {MeshError} `not_found`, `too_large` if the project is full.
 */
export async function addMember(
  { state, now }: Owner,
  id: string,
  publicKey: string,
): Promise<Project> {
  return await change(state, id, async (project) => {
    if (isMember(project, publicKey)) return undefined;
    if (project.members.length >= PROJECT_LIMITS.members) {
      throw new MeshError("too_large", `Project ${quoted(id)} is full`);
    }
    const since = now().toISOString();
    await state.audit.decision({
      event: "project.member.added",
      project: id,
      public_key: publicKey,
    });
    return {
      ...project,
      updatedAt: since,
      members: [...project.members, { publicKey, since }],
      asking: project.asking.filter((one) => one.publicKey !== publicKey),
    };
  });
}

/**
 * Takes a member away, or turns down one that asked. What it contributed stays.
 *
 * @param owner This gateway.
 * @param id The project's id.
 * @param publicKey The peer's key as DER.
 * @returns The project as it is now.
 * @throws {MeshError} `not_found`, also if the peer is neither a member nor asking.
 */
export async function removeMember(
  { state, now }: Owner,
  id: string,
  publicKey: string,
): Promise<Project> {
  return await change(state, id, async (project) => {
    const others = <T extends { readonly publicKey: string }>(all: readonly T[]) =>
      all.filter((one) => one.publicKey !== publicKey);
    const members = others(project.members);
    const asking = others(project.asking);
    if (members.length + asking.length === project.members.length + project.asking.length) {
      throw new MeshError("not_found", `It is not a member of project ${quoted(id)}`, {
        hint: "mesh ogp project list",
      });
    }
    await state.audit.decision({
      event: "project.member.removed",
      project: id,
      public_key: publicKey,
    });
    return { ...project, updatedAt: now().toISOString(), members, asking };
  });
}

/**
 * An approved peer asks to be let in. Asking again changes nothing.
 *
 * @param owner This gateway.
 * @param id The project's id, as received.
 * @param publicKey The peer's key as DER.
 * @returns `joined` if it is a member, or the project is open; else it waits for the owner.
 * @throws {MeshError} `not_found`, `refused` if too many wait already.
 */
export async function askToJoin(owner: Owner, id: string, publicKey: string): Promise<Admission> {
  const { state, now } = owner;
  const found = await getProject(state, id);
  if (isMember(found, publicKey)) return { state: "joined", project: found };
  if (found.joining === "open") {
    return { state: "joined", project: await addMember(owner, id, publicKey) };
  }
  const project = await change(state, id, (current) => {
    const known = (one: { readonly publicKey: string }) => one.publicKey === publicKey;
    if (current.members.some(known) || current.asking.some(known)) return undefined;
    if (current.asking.length >= PROJECT_LIMITS.asking) {
      throw new MeshError("refused", `Too many wait to be let into project ${quoted(id)}`);
    }
    const request = { publicKey, askedAt: now().toISOString() };
    return { ...current, asking: [...current.asking, request] };
  });
  return { state: isMember(project, publicKey) ? "joined" : "pending", project };
}

/**
 * A project for a member.
 *
 * @param state The state.
 * @param id The project's id, as received.
 * @param publicKey The peer's key as DER.
 * @returns The project.
 * @throws {MeshError} `not_found`, or `refused` for everybody else.
 */
export async function projectForMember(
  state: Owner["state"],
  id: string,
  publicKey: string,
): Promise<Project> {
  const project = await getProject(state, id);
  if (isMember(project, publicKey)) return project;
  throw new MeshError("refused", `Not a member of project ${quoted(id)}`);
}

async function change(
  state: Owner["state"],
  id: string,
  changed: (project: Project) => Project | undefined | Promise<Project | undefined>,
): Promise<Project> {
  if (!await findProject(state, id)) throw projectNotFound(id);
  const project = await projectsIn(state).update(id, async (current) => {
    if (current?.id !== id) throw projectNotFound(id);
    return await changed(current);
  });
  return project as Project;
}

function words(what: string, text: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed !== "" && trimmed.length <= most && !/\p{Cc}/u.test(trimmed.replaceAll("\n", " "))) {
    return trimmed.toWellFormed();
  }
  throw new MeshError("usage", `Cannot use this ${what}`, {
    hint: `1 to ${most} characters without control characters`,
  });
}

function taken(id: string): MeshError {
  return new MeshError("exists", `There is a project "${id}" already`, {
    hint: `mesh ogp project status ${id}`,
  });
}
