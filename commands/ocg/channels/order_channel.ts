/**
 * Starting and stopping channels of the gateway that runs.
 *
 * @module
 */
import { ocgOrder } from "../../../lib/ocg/order_client.ts";
import type { ChannelAction } from "../../../lib/ocg/orders.ts";
import type { ActionContext } from "../../define.ts";
import { stateDirectory } from "../../state_directory.ts";
import { accountDocument, sayAccounts } from "./account_words.ts";
import { settledAccounts } from "./accounts.ts";
import type { ChannelFlags } from "./arguments.ts";

/** Exit code if a channel did not come up: somebody else does not let it. */
const NOT_UP = 6;

/**
 * Gives the order, and says how the accounts are then.
 *
 * @param context The terminal.
 * @param flags Which channel.
 * @param action What to do.
 * @returns The exit code: 6 if one of them failed.
 * @throws {MeshError} `unavailable` if no gateway runs, `not_found` for a channel that is not configured.
 */
export async function orderChannel(
  context: ActionContext,
  flags: ChannelFlags,
  action: ChannelAction,
): Promise<number> {
  const { terminal } = context;
  const { channel, account } = flags;
  const root = stateDirectory(flags, context.env);
  await ocgOrder(root, { do: "channel", action, channel, account });
  const accounts = await settledAccounts(root, channel, account);
  const failed = accounts.filter(({ status }) => status.state === "failed");
  terminal.document({ ok: failed.length === 0, channels: accounts.map(accountDocument) });
  sayAccounts(terminal, accounts);
  return failed.length === 0 ? 0 : NOT_UP;
}
