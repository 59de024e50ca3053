/** The routes of `mesh ogp`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../define.ts";
import { agentComms } from "./agent_comms/routes.ts";
import { expose } from "./expose.ts";
import { federation } from "./federation/routes.ts";
import { importOgp } from "./import.ts";
import { intent } from "./intent/routes.ts";
import { project } from "./project/routes.ts";
import { setup } from "./setup.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";

const routes = {
  setup,
  start,
  stop,
  status,
  expose,
  import: importOgp,
  federation,
  agentComms,
  intent,
  project,
};

/** `mesh ogp`. */
export const ogp = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Federate with gateways across the internet",
    fullDescription:
      "Federates with gateways across the internet that speak the Open Gateway Protocol (OGP), in its\n" +
      "dialects 0.2 and 0.7. The gateway's key is the one of mesh init.\n\n" +
      "EXAMPLES\n" +
      "  mesh ogp setup               # say where peers reach this gateway, and who it is\n" +
      "  mesh ogp start --background  # be reached\n" +
      "  mesh ogp federation request https://peer.example.com\n" +
      "  mesh ogp import ~/.ogp       # take over from OGP's own program",
  },
});
