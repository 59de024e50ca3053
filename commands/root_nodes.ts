/**
 * The other half of a root: whoever works on its one outbox delivers for both protocols, and what keeps one
 * of them from being opened is no reason to leave the other one alone.
 *
 * @module
 */
import type { Outbox } from "../lib/delivery/outbox.ts";
import { codeOf, messageOf } from "../lib/error.ts";
import { type MeshNode, openMeshNode } from "../lib/mesh/node.ts";
import { type OgpNode, openOgpNode } from "../lib/ogp/node.ts";
import { rootOutbox } from "../server/outbox.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { damageReporter, stateDirectory } from "./state_directory.ts";

/** A root with all that could be opened of it. */
export interface OpenRoot extends Disposable {
  /** As a node of Agent Mesh V1. */
  readonly mesh: MeshNode;
  /** As a gateway of OGP. */
  readonly ogp: OgpNode | undefined;
  /** Its outbox. */
  readonly outbox: Outbox;
}

/**
 * Opens a root for whatever is in its outbox.
 *
 * @param context Terminal and environment.
 * @param flags The command's flags.
 * @returns The root; `using` closes it.
 * @throws {MeshError} `not_initialized`, `insecure_mode`, `damaged`.
 */
export async function openRoot(context: ActionContext, flags: CommonFlags): Promise<OpenRoot> {
  const root = stateDirectory(flags, context.env);
  const mesh = await openMeshNode(root, { onDamage: damageReporter(context) });
  const ogp = await openGatewayBeside(context, root);
  return {
    mesh,
    ogp,
    outbox: rootOutbox({ mesh, ogp }),
    [Symbol.dispose]: () => ogp?.[Symbol.dispose](),
  };
}

/**
 * A root as a gateway, for a command that is about Agent Mesh V1.
 *
 * @param context Terminal and environment.
 * @param root The state directory.
 * @returns The gateway, or `undefined`, with a warning, if it cannot be opened.
 */
export async function openGatewayBeside(
  context: ActionContext,
  root: string,
): Promise<OgpNode | undefined> {
  try {
    return await openOgpNode(root, { onDamage: damageReporter(context) });
  } catch (error) {
    context.terminal.warn(`Nothing is delivered to OGP gateways: ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * A root as a node of Agent Mesh V1, for a command that is about OGP.
 *
 * @param context Terminal and environment.
 * @param root The state directory.
 * @returns The node, or `undefined`, with a warning, if it cannot be opened.
 */
export async function openMeshBeside(
  context: ActionContext,
  root: string,
): Promise<MeshNode | undefined> {
  try {
    return await openMeshNode(root, { onDamage: damageReporter(context) });
  } catch (error) {
    if (codeOf(error) === "insecure_mode") throw error;
    context.terminal.warn(`Nothing is delivered to Agent Mesh nodes: ${messageOf(error)}`);
    return undefined;
  }
}
