/**
 * Projects as topics of `agent-comms`: where a peer's grant is restricted to topics, those of the projects
 * are among them, for all approved peers when a project is created and for a new peer when it is approved.
 *
 * @module
 */
import type { Outbox } from "../../delivery/outbox.ts";
import { announcementId, ANNOUNCEMENTS, owe } from "../announce.ts";
import { deciding } from "../decision_lock.ts";
import type { OgpNode } from "../node.ts";
import { registerTopics } from "../policies/register_topics.ts";
import type { OgpPeer } from "../records.ts";
import { counts } from "../scope_rules.ts";
import { AGENT_COMMS, coversTopic, type Scope, SCOPE_LIMITS, type ScopeGrants } from "../scopes.ts";
import { peerName } from "../state.ts";
import { listProjects, type ProjectState } from "./project_store.ts";

/** For whom a topic was registered. */
export interface RegisteredTopic {
  /** Peers that may write about it, whether or not anything had to change. */
  readonly peers: readonly OgpPeer[];
  /** Peers whose list of topics is full. */
  readonly full: readonly OgpPeer[];
}

/**
 * The topics of all projects, for a peer that is approved.
 *
 * @param state The state.
 * @returns The projects' ids.
 */
export async function projectTopics(state: ProjectState): Promise<string[]> {
  return (await listProjects(state)).map(({ id }) => id);
}

/**
 * Grants that cover topics of projects. What is not granted at all stays so: only where `agent-comms` is
 * granted for some topics, these become part of them.
 *
 * @param grants The grants; `null` for a v0.1 peer, which has no topics.
 * @param topics The topics.
 * @param now The present: an expired scope does not come back.
 * @returns The grants, the same object if nothing had to change. A list that is full stays as it is.
 *
 * @example
 * ```ts
 * import { coverProjects } from "./topics.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scope = { intent: "agent-comms", enabled: true, topics: ["memory"] };
 * const grants = { version: "0.2.0", grantedAt: new Date(0).toISOString(), scopes: [scope] };
 * const [covered] = coverProjects(grants, ["my-app"])?.scopes ?? [];
 * assertEquals(covered?.topics, ["memory", "my-app"]);
 * ```
 */
export function coverProjects<G extends ScopeGrants | null>(
  grants: G,
  topics: readonly string[],
  now: Date = new Date(),
): G {
  if (grants === null) return grants;
  const relevant = (scope: Scope) => scope.intent === AGENT_COMMS && counts(scope, now);
  const missing = uncovered(grants.scopes.filter(relevant), topics);
  const restricted = grants.scopes.find(relevant);
  if (missing.length === 0 || !restricted) return grants;
  const wider = [...restricted.topics ?? [], ...missing].slice(0, SCOPE_LIMITS.topics);
  if (wider.length === restricted.topics?.length) return grants;
  const scopes = grants.scopes.map((scope) =>
    scope === restricted ? { ...scope, topics: wider } : scope
  );
  return { ...grants, scopes };
}

/**
 * Registers the topic of a project.
 *
 * @param node This gateway.
 * @param outbox Its outbox; peers whose grants change are told through it.
 * @param topic The project's id.
 * @param keys Only for these peers. Default: all approved ones.
 * @returns For whom.
 */
export async function registerTopic(
  node: OgpNode,
  outbox: Outbox,
  topic: string,
  keys?: readonly string[],
): Promise<RegisteredTopic> {
  const { entries } = await node.state.peers.list();
  const wanted = entries.map(({ value }) => value).filter(({ publicKey, status }) =>
    status === "approved" && (!keys || keys.includes(publicKey))
  );
  await registerTopics(node.state, [topic], wanted.map(({ publicKey }) => publicKey));
  const peers: OgpPeer[] = [];
  const full: OgpPeer[] = [];
  for (const { publicKey } of wanted) {
    const peer = await widen(node, outbox, publicKey, topic);
    if (!peer || !takes(peer, node.now())) continue;
    (isCovered(peer, topic, node.now()) ? peers : full).push(peer);
  }
  return { peers, full };
}

async function widen(
  node: OgpNode,
  outbox: Outbox,
  publicKey: string,
  topic: string,
): Promise<OgpPeer | undefined> {
  let changed = false;
  const peer = await deciding(node.state, async () => {
    const current = await node.index.get(publicKey);
    if (current?.status !== "approved") return undefined;
    const grants = coverProjects(current.grants, [topic], node.now());
    if (grants === current.grants) return current;
    await node.state.audit.decision({
      event: "peer.topic.added",
      peer: current.id,
      public_key: publicKey,
      topic,
    });
    await owe(node, publicKey, "approve");
    changed = true;
    return await node.state.peers.update(
      peerName(publicKey),
      (record) =>
        record && { ...record, grants: coverProjects(record.grants, [topic], node.now()) },
    );
  });
  // Without a URL of ours nothing can be announced; it goes out with the next approval.
  if (changed && node.config.gatewayUrl !== undefined) {
    const id = announcementId("approve", publicKey);
    await outbox.add(id, ANNOUNCEMENTS.approve, peerName(publicKey));
  }
  return peer;
}

function uncovered(scopes: readonly Scope[], topics: readonly string[]): string[] {
  return [...new Set(topics)].filter((topic) =>
    !scopes.some((scope) => coversTopic(scope.topics, topic))
  );
}

function takes({ grants }: OgpPeer, now: Date): boolean {
  return grants?.scopes.some((scope) => scope.intent === AGENT_COMMS && counts(scope, now)) ??
    false;
}

function isCovered({ grants }: OgpPeer, topic: string, now: Date): boolean {
  return grants !== null &&
    uncovered(
        grants.scopes.filter((scope) => scope.intent === AGENT_COMMS && counts(scope, now)),
        [topic],
      ).length === 0;
}
