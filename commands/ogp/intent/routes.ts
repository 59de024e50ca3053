/** The routes of `mesh ogp intent`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../../define.ts";
import { list, register, remove } from "./commands.ts";

const routes = { register, list, remove };

/** `mesh ogp intent`. */
export const intent = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "What other gateways can ask this one",
    fullDescription:
      "What other gateways can ask this one: the intents that are built in, and your own.\n\n" +
      "EXAMPLES\n" +
      '  mesh ogp intent register deployment --description "Deployment notifications"\n' +
      "  mesh ogp federation grant alice --intents message,deployment  # who may use it\n" +
      "  mesh ogp intent list",
  },
});
