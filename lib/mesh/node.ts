/**
 * A node: a state directory with an identity that can sign. What the protocol's steps work on.
 *
 * @module
 */
import { type Identity, loadIdentity } from "./identity.ts";
import { checkStateVersion } from "../state_version/state_version.ts";
import { type MeshState, type MeshStateOptions, openMeshState } from "./state.ts";

/** A state directory, its identity, and a clock. */
export interface MeshNode {
  /** The collections. */
  readonly state: MeshState;
  /** Who this node is. */
  readonly identity: Identity;
  /** The present. */
  readonly now: () => Date;
}

/** How to open a node. */
export interface MeshNodeOptions extends MeshStateOptions {
  /** The clock; for tests. */
  readonly now?: () => Date;
}

/**
 * Opens a node.
 *
 * @param root Its state directory.
 * @param options Clock, and where damage is reported.
 * @returns The node.
 * @throws {MeshError} `not_initialized`, `insecure_mode`, `damaged` (also of a state that a newer version has
 * written).
 */
export async function openMeshNode(root: string, options: MeshNodeOptions = {}): Promise<MeshNode> {
  checkStateVersion(root);
  const state = openMeshState(root, options);
  const identity = await loadIdentity(state);
  return { state, identity, now: options.now ?? (() => new Date()) };
}
