/**
 * Whether the owner has messages handed to programs: a daemon without any has no use for the permission to
 * start some.
 *
 * @module
 */
import { codeOf } from "../../error.ts";
import { notifyConfig } from "../../notify/config.ts";
import { registeredIntents } from "../intents/registry.ts";
import type { OgpState } from "../state.ts";

/**
 * Looks for programs of the owner's.
 *
 * @param state The state.
 * @returns Whether an intent has a handler or a target is a command, also where that cannot be known.
 */
export async function startsPrograms(state: Pick<OgpState, "store">): Promise<boolean> {
  const intents = await registeredIntents(state);
  if (intents.some(({ handler }) => handler !== undefined)) return true;
  try {
    const { targets } = await notifyConfig(state.store).read();
    return Object.values(targets).some(({ type }) => type === "command");
  } catch (error) {
    if (codeOf(error) !== "config_invalid") throw error;
    return true;
  }
}
