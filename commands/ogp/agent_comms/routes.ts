/** The routes of `mesh ogp agent-comms`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../../define.ts";
import { defaultLevel, logging, setDefault } from "./defaults.ts";
import { activity, policies } from "./looking.ts";
import { addTopic, configure, removeTopic, reset, setTopic } from "./topics.ts";

const routes = {
  policies,
  configure,
  addTopic,
  setTopic,
  removeTopic,
  reset,
  activity,
  default: defaultLevel,
  setDefault,
  logging,
};

/** `mesh ogp agent-comms`. */
export const agentComms = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "What peers may talk about with your agent, and how openly it answers",
    fullDescription:
      "What peers may talk about with your agent, and how openly it answers. The levels:\n" +
      "  full      answered openly, with details\n" +
      "  summary   answered with an overview only\n" +
      "  escalate  you are asked before your agent gets the message\n" +
      "  deny      declined politely, without your agent\n" +
      "  off       turned away with a signed rejection\n\n" +
      "A peer's own topic counts before the same topic for all peers; then come the peer's default and the\n" +
      'default for all. A topic covers what is below it: "ops" covers "ops/disk", unless that one has a\n' +
      'policy itself. A message that names no topic is about "general".\n\n' +
      "EXAMPLES\n" +
      "  mesh ogp agent-comms policies                                           # what holds now\n" +
      '  mesh ogp agent-comms configure --global --topics "general,testing" --level summary\n' +
      '  mesh ogp agent-comms configure stan --topics "memory-management" --level full\n' +
      "  mesh ogp agent-comms default off                                        # nothing else",
  },
});
