/** What `mesh ocg version` does. @module */
import { VERSION } from "../version.ts";
import type { ActionContext } from "../define.ts";

/**
 * Prints the version.
 *
 * @param context The terminal.
 */
export default function ({ terminal }: ActionContext): Promise<void> {
  terminal.document({ ok: true, version: VERSION });
  terminal.line(VERSION);
  return Promise.resolve();
}
