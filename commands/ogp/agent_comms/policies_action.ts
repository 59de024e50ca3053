/** What `mesh ogp agent-comms policies` does. @module */
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { openGatewayState } from "../gateway.ts";
import { printAllPolicies } from "./all_policies.ts";
import { printPeerPolicies } from "./peer_policies.ts";

/**
 * Shows policies.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which peer; none for all of them.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector?: string,
): Promise<void> {
  const state = openGatewayState(context, flags);
  if (selector === undefined) await printAllPolicies(context.terminal, state);
  else await printPeerPolicies(context.terminal, state, selector);
}
