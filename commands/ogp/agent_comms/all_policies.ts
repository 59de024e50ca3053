/**
 * All policies: those for all peers, and those that peers have of their own.
 *
 * @module
 */
import { type Federation, listFederation } from "../../../lib/ogp/peers.ts";
import { INITIAL_LEVEL } from "../../../lib/ogp/policies/level.ts";
import type { PolicyRecord } from "../../../lib/ogp/policies/policy_record.ts";
import { GLOBAL, policiesIn, readPolicies } from "../../../lib/ogp/policies/policy_store.ts";
import { type OgpState, peerName } from "../../../lib/ogp/state.ts";
import type { Terminal } from "../../terminal.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { type Holder, unknownHolder } from "./holders.ts";
import { ANYTHING_ELSE, holderDocument, sorted, topicDocuments } from "./policy_words.ts";

/** How a DER key begins; the rest of it names records. */
const DER_PREFIX = "302a300506032b6570032100";

/** A peer and its own policies. */
export interface HolderPolicies {
  /** The peer. */
  readonly holder: Holder;
  /** Its policies. */
  readonly record: PolicyRecord;
}

/**
 * Prints all policies.
 *
 * @param terminal Where to.
 * @param state The state.
 */
export async function printAllPolicies(terminal: Terminal, state: OgpState): Promise<void> {
  const all = await readPolicies(state, GLOBAL);
  const known = await listFederation(state);
  const holders = await ownPolicies(state, known);
  const { activityLog = "on" } = all;
  terminal.document({
    defaultLevel: all.defaultLevel ?? INITIAL_LEVEL,
    defaultIsSet: all.defaultLevel !== undefined,
    activityLog,
    topics: topicDocuments(all.topics),
    peers: holders.map(({ holder, record }) => holderDocument(holder, record)),
  });
  if (terminal.json) return;
  terminal.table(
    ["PEER", "TOPIC", "LEVEL", "NOTES"].map((title) => ({ title })),
    [
      ...rowsOf("all peers", { ...all, defaultLevel: all.defaultLevel ?? INITIAL_LEVEL }),
      ...holders.flatMap(({ holder, record }) => rowsOf(peerLabel(holder), record)),
    ],
  );
  terminal.line();
  terminal.line(`Activity log: ${activityLog === "preview" ? "on, with previews" : activityLog}`);
  const held = new Set(holders.map(({ holder }) => holder.publicKey));
  const rest = known.filter(({ status, publicKey }) =>
    status === "approved" && !held.has(publicKey)
  );
  if (rest.length > 0) {
    const peers = rest.length === 1 ? "1 more approved peer" : `${rest.length} more approved peers`;
    terminal.line(`Only what holds for all peers counts for ${peers}.`);
  }
}

/**
 * The policies that peers have of their own.
 *
 * @param state The state.
 * @param known All gateways that are known.
 * @returns Those who have any, by name; records that cannot be read are reported and left out.
 */
export async function ownPolicies(
  state: OgpState,
  known: readonly Federation[],
): Promise<HolderPolicies[]> {
  const names = new Map(known.map((one) => [peerName(one.publicKey), one]));
  const order = [...names.keys()];
  const { entries } = await policiesIn(state).list();
  return entries
    .filter(({ id, value }) => id !== GLOBAL && (value.defaultLevel || value.topics.size > 0))
    .map(({ id, value }) => ({
      holder: names.get(id) ?? unknownHolder(DER_PREFIX + id),
      record: value,
      place: order.indexOf(id),
    }))
    .sort((a, b) => (a.place < 0 ? Infinity : a.place) - (b.place < 0 ? Infinity : b.place) || 0)
    .map(({ holder, record }) => ({ holder, record }));
}

function rowsOf(label: string, { topics, defaultLevel }: PolicyRecord): string[][] {
  const named = sorted(topics).map(([topic, { level, notes, by }]) => [
    ...[label, topic, level],
    notes ?? (by === "project" ? "a project" : ""),
  ]);
  return defaultLevel === undefined ? named : [...named, [label, ANYTHING_ELSE, defaultLevel, ""]];
}
