/** The routes of `mesh approvals`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../define.ts";
import { allow, deny, list, show } from "./commands.ts";

const routes = { list, show, allow, deny };

/** `mesh approvals`. */
export const approvals = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Decide which messages your agent gets",
    fullDescription:
      "Messages about topics whose level is escalate wait for you before your agent gets them. Nobody's\n" +
      "message waits longer than a week: then its sender is told that you did not decide.\n\n" +
      "EXAMPLES\n" +
      "  mesh approvals list           # what waits\n" +
      "  mesh approvals show 3f2a      # what it says\n" +
      "  mesh approvals allow 3f2a     # your agent gets it\n" +
      "  mesh approvals deny 3f2a      # its sender gets a polite no",
  },
});
