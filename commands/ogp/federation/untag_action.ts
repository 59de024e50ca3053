/** What `mesh ogp federation untag` does. @module */
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { peerAndTags, relabel, tagSentence } from "./labels.ts";

/**
 * Takes labels off a gateway.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param words Which gateway, and the tags.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  ...words: string[]
): Promise<void> {
  const [peer, ...tags] = peerAndTags("untag", words);
  await relabel(context, flags, peer, { removeTags: tags }, tagSentence);
}
