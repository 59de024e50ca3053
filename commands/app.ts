/**
 * The tree of commands.
 *
 * @module
 */
import { type Application, buildApplication, buildRouteMap } from "@stricli/core";
import { approvals } from "./approvals/routes.ts";
import { complete, completion } from "./completion.ts";
import { config } from "./config/routes.ts";
import type { MeshContext } from "./define.ts";
import { discovery } from "./discovery.ts";
import { doctor } from "./doctor.ts";
import { init } from "./init.ts";
import { link } from "./link.ts";
import { listMessages } from "./list_messages.ts";
import { logs } from "./logs.ts";
import { PARSER_TEXT } from "./parser_text.ts";
import { ocg } from "./ocg/routes.ts";
import { ogp } from "./ogp/routes.ts";
import { pause, resume } from "./pause.ts";
import { peers } from "./peers/routes.ts";
import { queue } from "./queue/routes.ts";
import { receiveContact, receiveMessage } from "./receive.ts";
import { requestContact } from "./request_contact.ts";
import { approveRequest, listRequests, rejectRequest } from "./requests.ts";
import { scan } from "./scan.ts";
import { sendMessage } from "./send_message.ts";
import { serve } from "./serve.ts";
import { service } from "./service/routes.ts";
import { skills } from "./skills/routes.ts";
import { verifyRelease } from "./verify_release.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { up } from "./up.ts";
import { VERSION } from "./version.ts";

const root = buildRouteMap<string, MeshContext>({
  routes: {
    init,
    up,
    stop,
    status,
    serve,
    discovery,
    scan,
    requestContact,
    receiveContact,
    listRequests,
    approveRequest,
    rejectRequest,
    peers,
    sendMessage,
    receiveMessage,
    listMessages,
    approvals,
    queue,
    pause,
    resume,
    ogp,
    ocg,
    skills,
    config,
    service,
    link,
    logs,
    doctor,
    verifyRelease,
    completion,
    complete,
  },
  docs: {
    brief: "Let AI agents on different machines reach each other",
    fullDescription:
      "Lets AI agents on different machines find, approve and message each other, federates gateways across\n" +
      "the internet, and puts chat channels in front of an agent.\n\n" +
      "EXAMPLES\n" +
      "  mesh init       # make this node's identity\n" +
      "  mesh up         # be found, take messages, run all that is configured\n" +
      "  mesh scan       # find other agents on the local network\n" +
      "  mesh ogp setup  # federate with gateways across the internet\n" +
      "  mesh ocg start  # chat with an agent, in the browser or on a chat platform\n\n" +
      "Each command explains itself: mesh scan --help",
    hideRoute: { complete: true },
  },
});

/** The whole command line. */
export const app: Application<MeshContext> = buildApplication(root, {
  name: "mesh",
  versionInfo: { currentVersion: VERSION },
  scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
  documentation: {
    caseStyle: "convert-camel-to-kebab",
    onlyRequiredInUsageLine: true,
    disableAnsiColor: false,
  },
  completion: { includeAliases: false, includeHiddenRoutes: false },
  localization: { text: PARSER_TEXT },
});
