/**
 * Policies in words and as documents.
 *
 * @module
 */
import { type Level, meaningOf } from "../../../lib/ogp/policies/level.ts";
import type { PolicyRecord, TopicPolicy } from "../../../lib/ogp/policies/policy_record.ts";
import { safeText } from "../../terminal.ts";
import { peerLabel } from "../federation/peer_words.ts";
import type { Holder } from "./holders.ts";

/** What is printed where a topic would stand, for all topics that no policy names. */
export const ANYTHING_ELSE = "(anything else)";

/**
 * What was set, in one sentence.
 *
 * @param whose The peer; `undefined` for all of them.
 * @param topics The topics.
 * @param level The level.
 * @returns Such as `Messages of stan about testing: full, answered openly, with details.`
 */
export function setSentence(
  whose: Holder | undefined,
  topics: readonly string[],
  level: Level,
): string {
  const who = whose === undefined ? "all peers" : peerLabel(whose);
  const about = topics.map(safeText).join(", ");
  return `Messages of ${who} about ${about}: ${level}, ${meaningOf(level)}.`;
}

/**
 * Topics as `--json` prints them.
 *
 * @param topics The policies by topic.
 * @returns A document a topic, in order.
 */
export function topicDocuments(
  topics: ReadonlyMap<string, TopicPolicy>,
): Record<string, unknown>[] {
  return sorted(topics).map(([topic, { level, notes, at, by }]) => ({
    ...{ topic, level },
    notes: notes ?? null,
    at: at ?? null,
    by: by ?? "owner",
  }));
}

/**
 * A peer's policies as `--json` prints them.
 *
 * @param holder The peer.
 * @param record Its own policies.
 * @returns The document.
 */
export function holderDocument(holder: Holder, record: PolicyRecord): Record<string, unknown> {
  const { id, alias, displayName, publicKey, status } = holder;
  return {
    ...{ id, alias: alias ?? null, displayName, publicKey, status },
    defaultLevel: record.defaultLevel ?? null,
    topics: topicDocuments(record.topics),
  };
}

/**
 * Policies by topic, in order.
 *
 * @param topics The policies.
 * @returns Topics with their policies.
 */
export function sorted(topics: ReadonlyMap<string, TopicPolicy>): [string, TopicPolicy][] {
  return [...topics].sort(([a], [b]) => a < b ? -1 : 1);
}
