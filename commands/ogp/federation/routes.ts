/** The routes of `mesh ogp federation`. @module */
import { buildRouteMap } from "@stricli/core";
import type { MeshContext } from "../../define.ts";
import { alias, list, ping, status, tag, untag, whoami } from "./contacts.ts";
import { approve, grant, reject, remove, request, scopes } from "./decisions.ts";
import { agent, messages, reply, send, show } from "./talk.ts";

const routes = {
  list,
  status,
  request,
  approve,
  reject,
  remove,
  send,
  agent,
  messages,
  show,
  reply,
  scopes,
  grant,
  ping,
  alias,
  tag,
  untag,
  whoami,
};

/** `mesh ogp federation`. */
export const federation = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Gateways that trust each other",
    fullDescription:
      "Gateways that trust each other. A gateway may be named by its alias, id, name or URL, or the\n" +
      "beginning of one that only one has.\n\n" +
      "EXAMPLES\n" +
      "  mesh ogp federation request https://peer.example.com  # ask for federation\n" +
      "  mesh ogp federation list --status pending             # who asks us\n" +
      "  mesh ogp federation approve peer-alice                # say yes\n" +
      "  mesh ogp federation agent peer-alice queries 'Hello?' --wait",
  },
});
