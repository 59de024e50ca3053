/** Declares `mesh ocg channels start|stop|restart`. @module */
import { defineCommand } from "../../define.ts";
import { ACCOUNT, CHANNEL, type ChannelFlags } from "./arguments.ts";

const flags = { channel: CHANNEL, account: ACCOUNT };

/** `mesh ocg channels start`. */
export const start = defineCommand<ChannelFlags>({
  brief: "Start a channel of the running gateway",
  description:
    'Acts on the gateway that runs on this state directory. Also a channel with "enabled": false is started,\n' +
    "until the gateway ends. All channels together are started by: mesh ocg start",
  examples: [
    ["mesh ocg channels start --channel telegram", "all of its accounts"],
    ["mesh ocg channels start --channel discord --account ops", "one of them"],
  ],
  flags,
  action: () => import("./start_action.ts"),
});

/** `mesh ocg channels stop`. */
export const stop = defineCommand<ChannelFlags>({
  brief: "Stop a channel of the running gateway",
  description:
    "Acts on the gateway that runs on this state directory; the other channels go on. Answers under way are\n" +
    "finished after the next start. The channel stays stopped until it is started, or until the gateway is.\n" +
    "To keep it off for good: mesh ocg channels add --channel CHANNEL --force --set enabled=false",
  examples: [
    ["mesh ocg channels stop --channel telegram", "all of its accounts"],
    ["mesh ocg channels stop --channel discord --account ops", "one of them"],
  ],
  flags,
  action: () => import("./stop_action.ts"),
});

/** `mesh ocg channels restart`. */
export const restart = defineCommand<ChannelFlags>({
  brief: "Stop a channel of the running gateway and start it again",
  examples: [["mesh ocg channels restart --channel telegram", "when it hangs"]],
  flags,
  action: () => import("./restart_action.ts"),
});
