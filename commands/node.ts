/**
 * From a state directory to its collections and its node.
 *
 * @module
 */
import { type MeshNode, openMeshNode } from "../lib/mesh/node.ts";
import { type MeshState, openMeshState } from "../lib/mesh/state.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { damageReporter, stateDirectory } from "./state_directory.ts";

/**
 * Opens the state directory; damaged records are reported as warnings.
 *
 * @param context Terminal and environment.
 * @param flags The command's flags.
 * @returns The collections.
 */
export function openState(context: ActionContext, flags: CommonFlags): MeshState {
  return openMeshState(stateDirectory(flags, context.env), { onDamage: damageReporter(context) });
}

/**
 * Opens the node in the state directory.
 *
 * @param context Terminal and environment.
 * @param flags The command's flags.
 * @returns The node.
 */
export async function openNode(context: ActionContext, flags: CommonFlags): Promise<MeshNode> {
  return await openMeshNode(stateDirectory(flags, context.env), {
    onDamage: damageReporter(context),
  });
}
