/** The routes of `mesh ogp project`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../../define.ts";
import { queryPeer, requestJoin, sendContribution, statusPeer } from "./across.ts";
import { deleteProject, invite, remove } from "./members.ts";
import { contribute, create, join, list, query, status } from "./own.ts";

const routes = {
  create,
  join,
  list,
  contribute,
  query,
  status,
  invite,
  remove,
  delete: deleteProject,
  requestJoin,
  sendContribution,
  queryPeer,
  statusPeer,
};

/** `mesh ogp project`. */
export const project = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Work on something together with other gateways",
    fullDescription:
      "Projects: what was done, decided, and is in the way, kept at the gateway of each member and open to\n" +
      "the others. Entries have a type: progress, decision, blocker, context, or any word.\n\n" +
      "EXAMPLES\n" +
      '  mesh ogp project create my-app "My Awesome App"           # begin\n' +
      '  mesh ogp project contribute my-app progress "Login works" # say what was done\n' +
      "  mesh ogp project invite my-app stan                       # let a gateway in\n" +
      "  mesh ogp project status my-app                            # how it stands, over all members",
  },
});
