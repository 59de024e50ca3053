/**
 * A member that is not granted what it takes to use a project: membership and grants are two decisions.
 *
 * @module
 */
import type { OgpNode } from "../../../lib/ogp/node.ts";
import { PROJECT_INTENTS } from "../../../lib/ogp/projects/project_intents.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { allowed, V01_GRANTS } from "../../../lib/ogp/scopes.ts";
import type { Terminal } from "../../terminal.ts";
import { peerLabel, peerWord } from "../federation/peer_words.ts";

/**
 * Warns if a peer's grants keep it from using projects.
 *
 * @param terminal Where to.
 * @param node The gateway.
 * @param peer The peer.
 */
export function warnOfGrants(terminal: Terminal, node: OgpNode, peer: OgpPeer): void {
  const now = node.now();
  const missing = PROJECT_INTENTS.filter((intent) =>
    !allowed(peer.grants, intent, undefined, now).ok
  );
  if (missing.length === 0) return;
  const granted = (peer.grants ?? V01_GRANTS).scopes.filter(({ enabled }) => enabled)
    .map(({ intent }) => intent);
  const all = [...new Set([...granted, ...missing])].join(",");
  terminal.warn(
    `${peerLabel(peer)} is not granted ${missing.join(", ")}. To change that: ` +
      `mesh ogp federation grant ${peerWord(peer)} --intents ${all}`,
  );
}
