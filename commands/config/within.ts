/**
 * What the sections hold.
 *
 * @module
 */
import { readIdentity } from "../../lib/mesh/identity_record.ts";
import type { MeshState } from "../../lib/mesh/state.ts";
import type { ActionContext } from "../define.ts";
import type { Place } from "./find_key.ts";
import { ocgFile } from "./values.ts";

/**
 * What a section holds as it counts, defaults included.
 *
 * @param place The section.
 * @param state The state directory.
 * @param env The environment.
 * @returns Its keys with their values.
 * @throws {MeshError} `config_invalid`, or `not_initialized` if there is no identity.
 */
export async function effectiveSection(
  place: Place,
  state: MeshState,
  env: ActionContext["env"],
): Promise<unknown> {
  switch (place.kind) {
    case "surface":
      return await place.surface.open(state.store).read();
    case "ocg":
      return (await ocgFile(state.root, env)).config;
    case "identity":
      return await readIdentity(state);
  }
}
