/** What `mesh ogp project request-join` does. @module */
import { exitCodeOf, MeshError } from "../../../lib/error.ts";
import { findApproved } from "../../../lib/ogp/peers.ts";
import { requestJoin } from "../../../lib/ogp/projects/calls.ts";
import type { ActionContext } from "../../define.ts";
import { failureDocument, safeText } from "../../terminal.ts";
import { peerLabel, peerWord } from "../federation/peer_words.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import type { RequestJoinFlags } from "./across.ts";
import { projectDocument } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Asks a peer to be let into a project.
 *
 * @param context The terminal.
 * @param flags What it is about.
 * @param selector Which peer.
 * @param id The project.
 * @param name Its name.
 * @returns 0 once we are in, 4 while its owner has not decided.
 */
export default async function (
  context: ActionContext,
  flags: RequestJoinFlags,
  selector: string,
  id: string,
  name: string,
): Promise<number> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const peer = await findApproved(node.state, selector);
  const label = peerLabel(peer);
  terminal.progress(`Asking ${label} …`);
  const options = { id, name, ...(flags.description ? { description: flags.description } : {}) };
  const outcome = await requestJoin(node, gatewayOutbox(node), peer, label, options);
  if (outcome.state === "pending") {
    const error = new MeshError("refused", `The owner of ${label} has to let us into ${id} first`, {
      hint: `then again: mesh ogp project request-join ${peerWord(peer)} ${id} "…"`,
    });
    terminal.document({ ...failureDocument(error), joined: false, status: "pending" });
    terminal.withJson(false).fail(error);
    return exitCodeOf(error);
  }
  const { project, created } = outcome;
  terminal.document({
    joined: true,
    ...{ projectId: id, projectName: project.name, created },
    project: projectDocument(node, await Who.known(node), project),
  });
  terminal.line(`Joined project ${id} (${safeText(project.name)}) of ${label}.`);
  terminal.line(
    created
      ? `  It is here now, too, with ${label} as a member.`
      : `  ${label} is a member of the project of that id that was here already.`,
  );
  return 0;
}
