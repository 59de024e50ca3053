/** What `mesh ocg channels start` does. @module */
import type { ActionContext } from "../../define.ts";
import type { ChannelFlags } from "./arguments.ts";
import { orderChannel } from "./order_channel.ts";

/**
 * Starts a channel.
 *
 * @param context The terminal.
 * @param flags Which one.
 * @returns The exit code.
 */
export default async function (context: ActionContext, flags: ChannelFlags): Promise<number> {
  return await orderChannel(context, flags, "start");
}
