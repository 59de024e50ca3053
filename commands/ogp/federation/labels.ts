/**
 * Changing what the owner calls a gateway: alias and tags.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { changeLabels, type LabelChanges } from "../../../lib/ogp/labels.ts";
import type { Federation } from "../../../lib/ogp/peers.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText } from "../../terminal.ts";
import { openGatewayState } from "../gateway.ts";
import { peerDocument } from "./peer_document.ts";
import { peerLabel } from "./peer_words.ts";

/**
 * Changes labels and prints the gateway as it is now.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which gateway.
 * @param changes What to change.
 * @param said The sentence about it.
 */
export async function relabel(
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
  changes: LabelChanges,
  said: (federation: Federation) => string,
): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const federation = await changeLabels({ state }, selector, changes);
  terminal.document(await peerDocument(federation));
  terminal.line(said(federation));
}

/**
 * Takes the peer and the tags out of the arguments.
 *
 * @param command The command's last word, for the hint.
 * @param words The arguments.
 * @returns The peer, and at least one tag.
 * @throws {MeshError} `usage` if one of them is missing.
 */
export function peerAndTags(
  command: "tag" | "untag",
  words: readonly string[],
): [peer: string, ...tags: string[]] {
  const [peer, ...tags] = words;
  const hint = `mesh ogp federation ${command} PEER TAG...`;
  if (peer === undefined) throw new MeshError("usage", "The argument <peer> is missing", { hint });
  if (tags.length === 0) throw new MeshError("usage", "The argument <tag> is missing", { hint });
  return [peer, ...tags];
}

/**
 * The sentence about a gateway's tags.
 *
 * @param federation The gateway.
 * @returns One line.
 */
export function tagSentence(federation: Federation): string {
  const { tags } = federation;
  const label = peerLabel(federation);
  return tags.length === 0
    ? `${label} has no tags.`
    : `${label} has the ${tags.length === 1 ? "tag" : "tags"} ${tags.map(safeText).join(", ")}.`;
}
