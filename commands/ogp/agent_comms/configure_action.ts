/** What `mesh ogp agent-comms configure` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { setTopics } from "../../../lib/ogp/policies/changes.ts";
import { checkNotes, checkTopic } from "../../../lib/ogp/policies/policy_record.ts";
import { GLOBAL } from "../../../lib/ogp/policies/policy_store.ts";
import type { ActionContext } from "../../define.ts";
import { openGatewayState } from "../gateway.ts";
import { findHolders, noteWhatCannotCount } from "./holders.ts";
import { holderDocument, setSentence, topicDocuments } from "./policy_words.ts";
import type { ConfigureFlags } from "./topics.ts";

/**
 * Sets the level of topics.
 *
 * @param context The terminal.
 * @param flags Which topics, which level.
 * @param words For which peers.
 */
export default async function (
  context: ActionContext,
  flags: ConfigureFlags,
  ...words: string[]
): Promise<void> {
  const { terminal } = context;
  const { level, notes } = flags;
  const topics = topicsIn(flags.topics);
  if (notes !== undefined) checkNotes(notes);
  if (flags.global && words.length > 0) {
    throw new MeshError("usage", "Either peers or --global, not both", {
      hint: "mesh ogp agent-comms configure --help",
    });
  }
  const state = openGatewayState(context, flags);
  const change = { topics, level, notes };
  if (flags.global) {
    const record = await setTopics(state, GLOBAL, change);
    terminal.document([{ global: true, topics: topicDocuments(record.topics) }]);
    terminal.line(setSentence(undefined, topics, level));
    return;
  }
  const holders = await findHolders(state, words);
  if (holders.length === 0) {
    throw new MeshError("usage", "Nobody is named", {
      hint: `mesh ogp agent-comms configure PEERS --topics ${topics.join(",")}, or --global`,
    });
  }
  const documents: unknown[] = [];
  for (const holder of holders) {
    const record = await setTopics(state, holder.publicKey, change);
    documents.push(holderDocument(holder, record));
    terminal.line(setSentence(holder, topics, level));
    noteWhatCannotCount(terminal, holder, topics);
  }
  terminal.document(documents);
}

function topicsIn(list = ""): string[] {
  const topics = list.split(",").map((topic) => topic.trim()).filter((topic) => topic !== "");
  if (topics.length === 0) {
    throw new MeshError("usage", "No topic is named", {
      hint: "such as --topics memory-management,planning",
    });
  }
  return [...new Set(topics)].map(checkTopic);
}
