/**
 * What of a root beside its channels a daemon of theirs needs: its nodes, if it has an identity, and whether
 * it will start programs.
 *
 * @module
 */
import type { ChatAccount } from "../../lib/ocg/accounts.ts";
import type { RootNodes } from "../../server/outbox.ts";
import type { ActionContext } from "../define.ts";
import { openGatewayBeside, openMeshBeside } from "../root_nodes.ts";

/** The nodes of a root; disposing of them closes what they hold open. */
export interface OpenNodes extends RootNodes, Disposable {}

/**
 * Opens a root as nodes of Agent Mesh V1 and OGP.
 *
 * @param context The terminal, for warnings.
 * @param root The state directory.
 * @returns The nodes; `undefined` without an identity, which channels do not need.
 * @throws {MeshError} `insecure_mode` if others can read the key.
 */
export async function openNodes(
  context: ActionContext,
  root: string,
): Promise<OpenNodes | undefined> {
  if (!await isThere(`${root}/private_key.pem`)) return undefined;
  const mesh = await openMeshBeside(context, root);
  const ogp = await openGatewayBeside(context, root);
  if (!mesh && !ogp) return undefined;
  return { mesh, ogp, [Symbol.dispose]: () => ogp?.[Symbol.dispose]() };
}

/**
 * Whether channels or their agents are programs.
 *
 * @param root The state directory, with its plugins.
 * @param accounts The accounts.
 */
export async function needsPrograms(
  root: string,
  accounts: readonly Pick<ChatAccount, "agent">[],
): Promise<boolean> {
  if (accounts.some(({ agent }) => agent.type === "acp")) return true;
  const { installedPlugins } = await import("../../lib/ocg/plugins/registry.ts");
  return (await installedPlugins(root)).length > 0;
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
