/** What `mesh ogp project invite` does. @module */
import { findApproved } from "../../../lib/ogp/peers.ts";
import { addMember } from "../../../lib/ogp/projects/membership.ts";
import { isMember } from "../../../lib/ogp/projects/project_record.ts";
import { getProject } from "../../../lib/ogp/projects/project_store.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { openGateway } from "../gateway.ts";
import { warnOfGrants } from "./grant_warning.ts";
import { projectDocument } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Makes a peer a member.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param id The project.
 * @param selector Which peer.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  id: string,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const before = await getProject(node.state, id);
  const peer = await findApproved(node.state, selector);
  const project = await addMember(node, id, peer.publicKey);
  terminal.document(projectDocument(node, await Who.known(node), project));
  const label = peerLabel(peer);
  terminal.line(
    isMember(before, peer.publicKey)
      ? `${label} is a member of ${id} already.`
      : `${label} is a member of ${id}: it may read and contribute.`,
  );
  warnOfGrants(terminal, node, peer);
  if (terminal.json) return;
  terminal.note(`To have it on its side, its owner types: mesh ogp project request-join … ${id} …`);
}
