/**
 * Where projects are kept: a record each in `ogp/projects`, and beside it a folder of contributions, a
 * record each.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import type { JsonObject } from "../../signing/json.ts";
import { documentCodec } from "../../store/document_codec.ts";
import { jsonCodec } from "../../store/json_codec.ts";
import { encodeName } from "../../store/names.ts";
import type { Collection } from "../../store/store.ts";
import { quoted } from "../scope_rules.ts";
import type { OgpState } from "../state.ts";
import { isProjectId, type Project, projectShape } from "./project_record.ts";

/** What is needed of the state. */
export type ProjectState = Pick<OgpState, "store" | "root">;

const FOLDER = "ogp/projects";

/**
 * The projects of a root.
 *
 * @param state The state.
 * @returns Their records, by id.
 */
export function projectsIn({ store }: ProjectState): Collection<Project> {
  return store.collection(FOLDER, jsonCodec(projectShape));
}

/**
 * What was contributed to a project.
 *
 * @param state The state.
 * @param project The project.
 * @returns The records, named as `contribution_name.ts` says.
 */
export function contributionsIn(
  { store }: ProjectState,
  { id, folder }: Pick<Project, "id" | "folder">,
): Collection<JsonObject> {
  return store.collection(`${FOLDER}/${encodeName(id)}/${folder}`, documentCodec);
}

/**
 * A project, if it is there.
 *
 * @param state The state.
 * @param id Its id, letter by letter, also where files ignore case; any text.
 * @returns The record, or `undefined`.
 */
export async function findProject(state: ProjectState, id: string): Promise<Project | undefined> {
  if (!isProjectId(id)) return undefined;
  const project = await projectsIn(state).get(id);
  return project?.id === id ? project : undefined;
}

/**
 * A project.
 *
 * @param state The state.
 * @param id Its id; any text.
 * @returns The record.
 * @throws {MeshError} `not_found` in the protocol's words.
 */
export async function getProject(state: ProjectState, id: string): Promise<Project> {
  const project = await findProject(state, id);
  if (project) return project;
  throw projectNotFound(id);
}

/**
 * All projects.
 *
 * @param state The state.
 * @returns The records by id.
 */
export async function listProjects(state: ProjectState): Promise<Project[]> {
  const { entries } = await projectsIn(state).list();
  return entries.filter(({ id, value }) => value.id === id).map(({ value }) => value);
}

/**
 * That there is no such project. The sentence is that of OGP 0.7.
 *
 * @param id What was asked for.
 * @returns The error.
 */
export function projectNotFound(id: string): MeshError {
  return new MeshError("not_found", `Project ${quoted(id)} not found`, {
    hint: "mesh ogp project list",
  });
}

/**
 * The name of a folder for the contributions of a new project.
 *
 * @returns Such as `contributions-1f0c9d…`, never the same twice.
 */
export function newFolder(): string {
  return `contributions-${crypto.getRandomValues(new Uint8Array(8)).toHex()}`;
}

/**
 * Removes what was contributed to a project that is deleted; nothing refers to it any more.
 *
 * @param state The state.
 * @param project The project.
 */
export async function removeContributions(
  { root }: ProjectState,
  { id, folder }: Pick<Project, "id" | "folder">,
): Promise<void> {
  const parent = `${root}/${FOLDER}/${encodeName(id)}`;
  await removed(`${parent}/${folder}`, true);
  // It stays if the project is there again already.
  await removed(parent, false);
}

/**
 * Removes what a deletion that was interrupted has left behind.
 *
 * @param state The state.
 * @param project The project that has this id now.
 */
export async function removeLeftovers(
  { root }: ProjectState,
  { id, folder }: Pick<Project, "id" | "folder">,
): Promise<void> {
  const parent = `${root}/${FOLDER}/${encodeName(id)}`;
  try {
    for await (const { name } of Deno.readDir(parent)) {
      if (name !== folder) await removed(`${parent}/${name}`, true);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Somebody else may be removing the same, or filling the folder that is to go if it is empty. */
async function removed(path: string, recursive: boolean): Promise<void> {
  try {
    await Deno.remove(path, { recursive });
  } catch (error) {
    if (recursive && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}
