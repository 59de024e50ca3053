/** What `mesh ogp agent-comms logging` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { setActivityLogging } from "../../../lib/ogp/policies/changes.ts";
import type { ActionContext } from "../../define.ts";
import { openGatewayState } from "../gateway.ts";
import type { LoggingFlags } from "./defaults.ts";

/**
 * Switches the log on or off.
 *
 * @param context The terminal.
 * @param flags How much is logged.
 * @param onOff `on` or `off`.
 */
export default async function (
  context: ActionContext,
  flags: LoggingFlags,
  onOff: "on" | "off",
): Promise<void> {
  const { terminal } = context;
  if (onOff === "off" && flags.preview) {
    throw new MeshError("usage", "There are no previews in a log that is off", {
      hint: "mesh ogp agent-comms logging on --preview",
    });
  }
  const activityLog = onOff === "off" ? "off" : flags.preview ? "preview" : "on";
  await setActivityLogging(openGatewayState(context, flags), activityLog);
  terminal.document({ activityLog });
  const texts = flags.preview ? "with how the texts begin" : "without texts";
  terminal.line(`Activity log: ${activityLog === "off" ? "off" : `on, ${texts}`}.`);
}
