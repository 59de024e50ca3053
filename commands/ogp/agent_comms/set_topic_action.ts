/** What `mesh ogp agent-comms add-topic` and `set-topic` do. @module */
import { MeshError } from "../../../lib/error.ts";
import { setTopics } from "../../../lib/ogp/policies/changes.ts";
import { type Level, LEVELS } from "../../../lib/ogp/policies/level.ts";
import type { ActionContext } from "../../define.ts";
import { openGatewayState } from "../gateway.ts";
import { findHolder, noteWhatCannotCount } from "./holders.ts";
import { holderDocument, setSentence } from "./policy_words.ts";
import type { TopicFlags } from "./topics.ts";

/**
 * Sets the level of a topic.
 *
 * @param context The terminal.
 * @param flags Which level.
 * @param selector For which peer.
 * @param topic Which topic.
 * @param word The level as an argument.
 */
export default async function (
  context: ActionContext,
  flags: TopicFlags,
  selector: string,
  topic: string,
  word?: Level,
): Promise<void> {
  const { terminal } = context;
  const level = word ?? flags.level;
  if (level === undefined || (flags.level !== undefined && flags.level !== level)) {
    const sentence = level === undefined ? "No level is named" : "Two levels are named";
    throw new MeshError("usage", sentence, { hint: `one of ${LEVELS.join(", ")}` });
  }
  const state = openGatewayState(context, flags);
  const holder = await findHolder(state, selector);
  const change = { topics: [topic.trim()], level, notes: flags.notes };
  const record = await setTopics(state, holder.publicKey, change);
  terminal.document(holderDocument(holder, record));
  terminal.line(setSentence(holder, change.topics, level));
  noteWhatCannotCount(terminal, holder, change.topics);
}
