/** The routes of `mesh ocg channels`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../../define.ts";
import { add, login, remove } from "./changing.ts";
import { approve, forget, people } from "./letting_in.ts";
import { list, status } from "./looking.ts";
import { restart, start, stop } from "./running.ts";

const routes = {
  list,
  status,
  add,
  login,
  remove,
  start,
  stop,
  restart,
  people,
  approve,
  forget,
};

/** `mesh ocg channels`. */
export const channels = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Chat channels: add, start, stop, and who may talk",
    fullDescription:
      "Chat channels: add, start, stop, and who may talk. Each channel is one bot, or several accounts of bots,\n" +
      "on a chat platform; what people write to it goes to the agent, and the agent's answer back.\n\n" +
      "EXAMPLES\n" +
      "  mesh ocg channels add --channel telegram --token -   # the token of BotFather\n" +
      "  mesh ocg channels list --all                         # how they are, and what there is\n" +
      "  mesh ocg channels approve K7QM2XWP                   # let the person with this code in",
  },
});
