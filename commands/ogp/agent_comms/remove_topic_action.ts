/** What `mesh ogp agent-comms remove-topic` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { removeTopic } from "../../../lib/ogp/policies/changes.ts";
import { meaningOf } from "../../../lib/ogp/policies/level.ts";
import { GLOBAL, readPolicies } from "../../../lib/ogp/policies/policy_store.ts";
import { decide } from "../../../lib/ogp/policies/resolution.ts";
import type { ActionContext } from "../../define.ts";
import { safeText } from "../../terminal.ts";
import { peerLabel, peerWord } from "../federation/peer_words.ts";
import { openGatewayState } from "../gateway.ts";
import { findHolder } from "./holders.ts";
import { holderDocument, topicDocuments } from "./policy_words.ts";
import type { RemoveTopicFlags } from "./topics.ts";

/**
 * Takes the policy of a topic away.
 *
 * @param context The terminal.
 * @param flags Whose.
 * @param first The peer; with `--global` the topic.
 * @param second The topic.
 */
export default async function (
  context: ActionContext,
  flags: RemoveTopicFlags,
  first: string,
  second?: string,
): Promise<void> {
  const { terminal } = context;
  const topic = (flags.global ? first : second)?.trim();
  if (topic === undefined || (flags.global && second !== undefined)) {
    throw new MeshError("usage", flags.global ? "A peer and --global" : "No topic is named", {
      hint: "mesh ogp agent-comms remove-topic PEER TOPIC, or --global TOPIC",
    });
  }
  const state = openGatewayState(context, flags);
  const holder = flags.global ? undefined : await findHolder(state, first);
  const who = holder?.publicKey ?? GLOBAL;
  const label = holder === undefined ? "all peers" : peerLabel(holder);
  if (!await removeTopic(state, who, topic)) {
    const word = holder === undefined ? "" : ` ${peerWord(holder)}`;
    throw new MeshError("not_found", `There is no policy for ${label} about "${topic}"`, {
      hint: `mesh ogp agent-comms policies${word}`,
    });
  }
  const all = await readPolicies(state, GLOBAL);
  const own = holder === undefined ? { topics: new Map() } : await readPolicies(state, who);
  const { level, from } = decide(own, all, topic);
  const now = { topic, level, from };
  terminal.document(
    holder === undefined
      ? { global: true, topics: topicDocuments(all.topics), now }
      : { ...holderDocument(holder, own), now },
  );
  terminal.line(`The policy for ${label} about ${safeText(topic)} is gone.`);
  terminal.line(`Now such messages are ${level}: ${meaningOf(level)} (by the ${from}).`);
}
