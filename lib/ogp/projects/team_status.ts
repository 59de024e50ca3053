/**
 * A project as the whole team sees it: what is here and what each member's gateway tells, in one view, with
 * word of who did not answer. A contribution that two gateways both keep counts at both.
 *
 * @module
 */
import type { Outbox } from "../../delivery/outbox.ts";
import { messageOf } from "../../error.ts";
import { ownNames } from "../addressing.ts";
import { ownKey } from "../card.ts";
import { hostPort, keyId } from "../names.ts";
import type { OgpNode } from "../node.ts";
import type { OgpPeer } from "../records.ts";
import { tryAskPeer } from "./ask.ts";
import { type ToldStatus, toldStatus } from "./peer_answers.ts";
import type { Project } from "./project_record.ts";
import { type ProjectSummary, summarizeProject } from "./topic_summary.ts";

/** What a member's gateway told. */
export interface MemberStatus {
  /** Its key as DER. */
  readonly publicKey: string;
  /** Its record; `undefined` if it is no peer any more. */
  readonly peer?: OgpPeer | undefined;
  /** Whether it answered; `not-asked` if it is not approved now, or nobody was to be asked. */
  readonly state: "answered" | "refused" | "unreachable" | "not-asked";
  /** Why it did not. */
  readonly reason?: string | undefined;
  /** What it answered. */
  readonly status?: ToldStatus | undefined;
}

/** The newest contribution of a topic. */
export interface LastContribution {
  /** When, as the gateway that has it says. */
  readonly timestamp: string;
  /** Who: a key as DER if it is known, else the gateway's word. */
  readonly author: string;
  /** What. */
  readonly summary: string;
}

/** An entry type, over all gateways. */
export interface TeamTopic {
  /** The type. */
  readonly name: string;
  /** How many contributions the gateways have in all. */
  readonly contributionCount: number;
  /** Whose gateway has how many: keys as DER, ours among them. */
  readonly at: readonly { readonly publicKey: string; readonly contributionCount: number }[];
  /** The authors: keys as DER where they are known, else a gateway's words. */
  readonly contributors: readonly string[];
  /** The newest of all. */
  readonly lastContribution?: LastContribution | undefined;
}

/** A project over all gateways. */
export interface TeamStatus {
  /** Our record of it. */
  readonly project: Project;
  /** What is here. */
  readonly here: ProjectSummary;
  /** What the others told. */
  readonly members: readonly MemberStatus[];
  /** All entry types. */
  readonly topics: readonly TeamTopic[];
  /** When anything last changed anywhere, ISO 8601. */
  readonly updatedAt: string;
}

/** Gateways that are asked side by side. */
const AT_ONCE = 16;

/**
 * Puts the view together.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param project The project.
 * @param options `ask: false` leaves the others alone.
 * @returns The view. Takes as long as the slowest member, 15 s for each that hangs at the most.
 */
export async function teamStatus(
  node: OgpNode,
  outbox: Outbox,
  project: Project,
  { ask = true }: { readonly ask?: boolean } = {},
): Promise<TeamStatus> {
  const keys = project.members.map(({ publicKey }) => publicKey);
  const here = await summarizeProject(node.state, project, [ownKey(node), ...keys]);
  const members: MemberStatus[] = [];
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const some = keys.slice(i, i + AT_ONCE);
    members.push(
      ...await Promise.all(some.map((key) => askMember(node, outbox, project, key, ask))),
    );
  }
  const topics = mergeTopics(node, here, members);
  const times = [here.updatedAt, ...topics.map((topic) => topic.lastContribution?.timestamp ?? "")];
  const updatedAt = times.filter(isTime).sort().at(-1) ?? here.updatedAt;
  return { project, here, members, topics, updatedAt };
}

async function askMember(
  node: OgpNode,
  outbox: Outbox,
  { id }: Project,
  publicKey: string,
  ask: boolean,
): Promise<MemberStatus> {
  const peer = await node.index.get(publicKey);
  if (peer?.status !== "approved") {
    const reason = "it is not federated with us";
    return { publicKey, peer, state: "not-asked", reason };
  }
  if (!ask) return { publicKey, peer, state: "not-asked" };
  const asked = await tryAskPeer(node, outbox, peer, { intent: "project.status", projectId: id });
  if (asked.state !== "answered") {
    return { publicKey, peer, state: asked.state, reason: asked.reason };
  }
  try {
    return { publicKey, peer, state: "answered", status: toldStatus(asked.answer) };
  } catch (error) {
    return { publicKey, peer, state: "refused", reason: messageOf(error) };
  }
}

/** One gateway's word about one topic. */
interface Word {
  readonly publicKey: string;
  readonly contributionCount: number;
  readonly contributors: readonly string[];
  readonly last?: LastContribution | undefined;
}

function mergeTopics(
  node: OgpNode,
  here: ProjectSummary,
  members: readonly MemberStatus[],
): TeamTopic[] {
  const words = new Map<string, Word[]>();
  const add = (name: string, word: Word) => words.set(name, [...words.get(name) ?? [], word]);
  for (const { name, contributionCount, contributors, lastContribution: last } of here.topics) {
    add(name, { publicKey: ownKey(node), contributionCount, contributors, last });
  }
  for (const { publicKey, peer, status } of members) {
    if (!peer || !status) continue;
    const known = knownNames(node, peer, members);
    const keyOf = (name: string) => known.get(name.toLowerCase()) ?? name;
    for (const { name, contributionCount, contributors, lastContribution: last } of status.topics) {
      add(name, {
        publicKey,
        contributionCount,
        contributors: contributors.map(keyOf),
        last: last && {
          timestamp: last.timestamp,
          author: keyOf(last.authorId),
          summary: last.summary,
        },
      });
    }
  }
  return [...words].map(([name, all]) => mergedTopic(name, all));
}

function mergedTopic(name: string, words: readonly Word[]): TeamTopic {
  const lasts = words.map(({ last }) => last).filter((last) => last !== undefined);
  const newest = lasts.sort((a, b) => timeOf(b) - timeOf(a))[0];
  return {
    name,
    contributionCount: words.reduce((sum, { contributionCount }) => sum + contributionCount, 0),
    at: words.map(({ publicKey, contributionCount }) => ({ publicKey, contributionCount })),
    contributors: [...new Set(words.flatMap(({ contributors }) => contributors))],
    lastContribution: newest && {
      timestamp: newest.timestamp,
      author: newest.author,
      summary: newest.summary,
    },
  };
}

/** Whom a peer means by the names that gateways have for each other, in lower case. */
function knownNames(
  node: OgpNode,
  teller: OgpPeer,
  members: readonly MemberStatus[],
): Map<string, string> {
  const known = new Map<string, string>();
  const ambiguous = new Set<string>();
  const learn = (name: string, key: string) => {
    const lower = name.toLowerCase();
    if ((known.get(lower) ?? key) !== key) ambiguous.add(lower);
    known.set(lower, key);
  };
  for (const { publicKey, peer } of members) {
    learn(publicKey, publicKey);
    learn(keyId(publicKey), publicKey);
    if (peer) learn(hostPort(peer.gatewayUrl), publicKey);
  }
  for (const name of [ownKey(node), ...ownNames(node, teller)]) learn(name, ownKey(node));
  for (const name of ambiguous) known.delete(name);
  return known;
}

function timeOf({ timestamp }: LastContribution): number {
  return isTime(timestamp) ? Date.parse(timestamp) : 0;
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
}
