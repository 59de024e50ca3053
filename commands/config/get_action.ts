/** What `mesh config get` does. @module */
import { valueAt } from "../../lib/config/key_path.ts";
import { shownValue } from "../../lib/config/shown_value.ts";
import { MeshError } from "../../lib/error.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { findKey } from "./find_key.ts";
import { readValues } from "./values.ts";
import { effectiveSection } from "./within.ts";

/**
 * Prints a value.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param typed The key.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  typed: string,
): Promise<void> {
  const { terminal, env } = context;
  const single = (await readValues(context, flags)).find(({ key }) => key === typed);
  if (single) {
    terminal.document(single);
    return terminal.line(printed(single.value));
  }
  const state = openState(context, flags);
  const { place, keys } = await findKey(
    typed,
    state.store,
    (place) => effectiveSection(place, state, env),
  );
  const value = shownValue(keys, valueAt(await effectiveSection(place, state, env), keys));
  if (value === undefined) {
    throw new MeshError("not_found", `"${typed}" is not set, and has no default`, {
      hint: `mesh config set ${typed} VALUE`,
    });
  }
  terminal.document({ key: typed, value });
  terminal.line(printed(value));
}

function printed(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
