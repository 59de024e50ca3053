/** What `mesh ogp project create` does. @module */
import { findApproved } from "../../../lib/ogp/peers.ts";
import { createProject } from "../../../lib/ogp/projects/membership.ts";
import { registerTopic } from "../../../lib/ogp/projects/topics.ts";
import type { ActionContext } from "../../define.ts";
import { safeText } from "../../terminal.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import type { CreateFlags } from "./own.ts";
import { warnOfGrants } from "./grant_warning.ts";
import { counted, projectDocument } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Creates a project.
 *
 * @param context The terminal.
 * @param flags What it is about, and who is in it.
 * @param id Its id.
 * @param name Its name.
 */
export default async function (
  context: ActionContext,
  flags: CreateFlags,
  id: string,
  name: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const selectors = (flags.members ?? "").split(",").map((one) => one.trim()).filter(Boolean);
  const members = await Promise.all(selectors.map((one) => findApproved(node.state, one)));
  const project = await createProject(node, {
    ...{ id, name, description: flags.description },
    members: members.map(({ publicKey }) => publicKey),
    joining: flags.open ? "open" : "invited",
  });
  const { peers, full } = await registerTopic(node, gatewayOutbox(node), id);
  const who = await Who.known(node);
  const ids = peers.map(({ publicKey }) => who.id(publicKey));
  terminal.document({ ...projectDocument(node, who, project), topicRegisteredFor: ids });
  terminal.line(`Created project ${id}: ${safeText(project.name)}`);
  const all = ["you", ...members.map(peerLabel)];
  terminal.line(`  members  ${all.join(", ")}`);
  if (peers.length > 0) {
    terminal.line(`  topic    "${id}", for ${counted(peers.length, "approved gateway")}`);
  }
  for (const peer of full) {
    terminal.warn(
      `${peerLabel(peer)} has as many topics as it can have: "${id}" is not among them.`,
    );
  }
  for (const peer of members) warnOfGrants(terminal, node, peer);
  if (!terminal.json) terminal.note(`next: mesh ogp project contribute ${id} progress "…"`);
}
