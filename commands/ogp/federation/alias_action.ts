/** What `mesh ogp federation alias` does. @module */
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText } from "../../terminal.ts";
import { relabel } from "./labels.ts";

/**
 * Gives a gateway a name, or takes it away.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which gateway.
 * @param alias The name; none to take it away.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
  alias?: string,
): Promise<void> {
  await relabel(context, flags, selector, { alias: alias ?? null }, (federation) => {
    const name = safeText(federation.displayName);
    return alias === undefined
      ? `${name} has no alias any more.`
      : `${name} is called ${safeText(alias)} now.`;
  });
}
