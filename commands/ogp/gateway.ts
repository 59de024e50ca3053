/**
 * From a state directory to its gateway, with damage reported on the terminal.
 *
 * @module
 */
import type { Outbox } from "../../lib/delivery/outbox.ts";
import { type OgpNode, openOgpNode } from "../../lib/ogp/node.ts";
import { type OgpState, openOgpState } from "../../lib/ogp/state.ts";
import { rootOutbox } from "../../server/outbox.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { damageReporter, stateDirectory } from "../state_directory.ts";

/**
 * Opens the state of OGP, for commands that neither sign nor need the configuration.
 *
 * @param context Terminal and environment.
 * @param flags The command's flags.
 * @returns The collections.
 */
export function openGatewayState(context: ActionContext, flags: CommonFlags): OgpState {
  return openOgpState(stateDirectory(flags, context.env), { onDamage: damageReporter(context) });
}

/**
 * Opens the gateway; `using` closes it.
 *
 * @param context Terminal and environment.
 * @param flags The command's flags.
 * @returns The gateway.
 * @throws {MeshError} `not_initialized`, `insecure_mode`, `damaged`, `config_invalid`.
 */
export async function openGateway(context: ActionContext, flags: CommonFlags): Promise<OgpNode> {
  return await openOgpNode(stateDirectory(flags, context.env), {
    onDamage: damageReporter(context),
  });
}

/**
 * The outbox of a gateway's root, with a carrier for each of its deliveries.
 *
 * @param node The gateway.
 * @returns The outbox.
 */
export function gatewayOutbox(node: OgpNode): Outbox {
  return rootOutbox({ ogp: node });
}
