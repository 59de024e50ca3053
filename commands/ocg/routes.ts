/** The routes of `mesh ocg`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../define.ts";
import { channels } from "./channels/routes.ts";
import { chat } from "./chat.ts";
import { plugins } from "./plugins/routes.ts";
import { send } from "./send.ts";
import { restart, start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { test } from "./test.ts";
import { version } from "./version.ts";

const routes = {
  start,
  stop,
  restart,
  status,
  channels,
  plugins,
  send,
  chat,
  test,
  version,
};

/** `mesh ocg`. */
export const ocg = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Put chat channels in front of an agent",
    fullDescription:
      "Puts chat channels, such as Telegram, Discord or a page in the browser, in front of any agent that\n" +
      "speaks OpenAI's chat completions. Configured by ocg.json; needs no identity.\n\n" +
      "EXAMPLES\n" +
      "  mesh ocg start                                      # chat with the agent in the browser\n" +
      "  mesh ocg channels add --channel telegram --token -  # be a bot on Telegram\n" +
      "  mesh ocg start --background                         # without this terminal\n" +
      "  mesh ocg status                                     # what runs, and what it has to do",
  },
});
