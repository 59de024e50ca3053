/**
 * What counts for one peer, topic by topic.
 *
 * @module
 */
import type { PolicyRecord } from "../../../lib/ogp/policies/policy_record.ts";
import { GLOBAL, readPolicies } from "../../../lib/ogp/policies/policy_store.ts";
import { decide, type Decision } from "../../../lib/ogp/policies/resolution.ts";
import type { OgpState } from "../../../lib/ogp/state.ts";
import type { Terminal } from "../../terminal.ts";
import { peerLabel, peerWord } from "../federation/peer_words.ts";
import { findHolder, noteWhatCannotCount } from "./holders.ts";
import { ANYTHING_ELSE, holderDocument } from "./policy_words.ts";

/**
 * Prints what counts for a peer.
 *
 * @param terminal Where to.
 * @param state The state.
 * @param selector Which peer.
 */
export async function printPeerPolicies(
  terminal: Terminal,
  state: OgpState,
  selector: string,
): Promise<void> {
  const holder = await findHolder(state, selector);
  const all = await readPolicies(state, GLOBAL);
  const own = await readPolicies(state, holder.publicKey);
  const topics = [...new Set([...own.topics.keys(), ...all.topics.keys()])].sort();
  const counting = topics.map((topic) => ({ topic, ...decide(own, all, topic) }));
  const rest = decide({ ...own, topics: new Map() }, { ...all, topics: new Map() }, "");
  terminal.document({
    ...holderDocument(holder, own),
    effective: {
      topics: counting.map(({ topic, level, from, notes }) => ({
        ...{ topic, level, from },
        notes: notes ?? null,
      })),
      anythingElse: { level: rest.level, from: rest.from },
    },
  });
  if (terminal.json) return;
  terminal.line(`What happens to agent-comms messages of ${peerLabel(holder)}:`);
  const titles = ["TOPIC", "LEVEL", "SET FOR", "NOTES"];
  terminal.table(titles.map((title) => ({ title })), [
    ...counting.map((one) => [one.topic, one.level, setFor(one, own, all), one.notes ?? ""]),
    [ANYTHING_ELSE, rest.level, setFor(rest, own, all), ""],
  ]);
  noteWhatCannotCount(terminal, holder, topics);
  const word = peerWord(holder);
  terminal.note(`change it: mesh ogp agent-comms add-topic ${word} TOPIC --level LEVEL`);
}

function setFor({ from, topic }: Decision, own: PolicyRecord, all: PolicyRecord): string {
  switch (from) {
    case "peer topic":
      return own.topics.get(topic ?? "")?.by === "project"
        ? "this peer, as a project"
        : "this peer";
    case "peer default":
      return "this peer";
    case "global topic":
      return "all peers";
    case "default":
      return all.defaultLevel === undefined ? "all peers, built in" : "all peers";
  }
}
