/** What `mesh ogp project remove` does. @module */
import { findFederation } from "../../../lib/ogp/peers.ts";
import { removeMember } from "../../../lib/ogp/projects/membership.ts";
import { isMember, type Project } from "../../../lib/ogp/projects/project_record.ts";
import { getProject } from "../../../lib/ogp/projects/project_store.ts";
import type { ActionContext } from "../../define.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { openGateway } from "../gateway.ts";
import deleteAction from "./delete_action.ts";
import type { DeleteFlags } from "./members.ts";
import { projectDocument } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Takes a peer out of a project; without one, deletes the project.
 *
 * @param context The terminal.
 * @param flags Whether to ask back.
 * @param id The project.
 * @param selector Which peer.
 */
export default async function (
  context: ActionContext,
  flags: DeleteFlags,
  id: string,
  selector?: string,
): Promise<void> {
  if (selector === undefined) return await deleteAction(context, flags, id);
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const before = await getProject(node.state, id);
  const among = ({ publicKey }: { publicKey: string }) => isConcerned(before, publicKey);
  const what = `member of ${id}`;
  const found = await findFederation(node.state, selector, { among, what });
  const project = await removeMember(node, id, found.publicKey);
  terminal.document(projectDocument(node, await Who.known(node), project));
  const label = peerLabel(found);
  terminal.line(
    isMember(before, found.publicKey)
      ? `${label} is no member of ${id} any more. What it contributed stays.`
      : `${label} is not let into ${id}.`,
  );
}

function isConcerned(project: Project, publicKey: string): boolean {
  return isMember(project, publicKey) ||
    project.asking.some((one) => one.publicKey === publicKey);
}
