/** What `mesh ogp intent remove` does. @module */
import { removeIntent } from "../../../lib/ogp/intents/registry.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText } from "../../terminal.ts";
import { openGatewayState } from "../gateway.ts";

/**
 * Removes an intent.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param name Its name.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  name: string,
): Promise<void> {
  const { terminal } = context;
  await removeIntent(openGatewayState(context, flags), name);
  terminal.document({ ok: true, removed: name });
  terminal.line(`Removed: ${safeText(name)}. Whoever was granted it is refused from now on.`);
}
