/** What `mesh ogp federation tag` does. @module */
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { peerAndTags, relabel, tagSentence } from "./labels.ts";

/**
 * Labels a gateway.
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
  const [peer, ...tags] = peerAndTags("tag", words);
  await relabel(context, flags, peer, { addTags: tags }, tagSentence);
}
