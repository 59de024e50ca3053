/**
 * The owner's approvals and grants: decided and written down here, then told to the peer.
 *
 * @module
 */
import type { Attempt, Outbox } from "../delivery/outbox.ts";
import { MeshError } from "../error.ts";
import { announce, dropAnnouncements, owe } from "./announce.ts";
import { approvedPeer, settleRequests } from "./approved_peer.ts";
import { requireGatewayUrl } from "./card.ts";
import { deciding } from "./decision_lock.ts";
import { checkName } from "./labels.ts";
import type { OgpNode } from "./node.ts";
import { type Federation, findApproved, findFederation } from "./peers.ts";
import type { IncomingRequest, OgpPeer } from "./records.ts";
import { registerTopics } from "./policies/register_topics.ts";
import { coverProjects, projectTopics } from "./projects/topics.ts";
import { defaultGrants, type ScopeGrants } from "./scopes.ts";
import { peerName } from "./state.ts";

/** How to approve. */
export interface ApproveOptions {
  /** What it may do; `null` for the v0.1 rules. Default: what it offered, else the usual intents. */
  readonly grants?: ScopeGrants | null | undefined;
  /** A shorter name for it. */
  readonly alias?: string | undefined;
}

/** A decision, and how telling it went. */
export interface AnnouncedPeer {
  /** The peer as it is now. */
  readonly peer: OgpPeer;
  /** What came of telling it. Whatever that is, the decision stands. */
  readonly attempt: Attempt;
}

/**
 * Approves a request: its sender becomes a peer, and is told so with what we grant it. An approved peer is
 * told once more, with new grants if there are any.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param selector Which one, as `findFederation` takes it.
 * @param options Grants and alias.
 * @returns The peer, and how telling it went.
 * @throws {MeshError} `not_found`, `ambiguous`, `refused` for one that did not ask us, `config_invalid` if
 * we have no URL, `usage` or `exists` for the alias.
 */
export async function approveFederation(
  node: OgpNode,
  outbox: Outbox,
  selector: string,
  options: ApproveOptions = {},
): Promise<AnnouncedPeer> {
  requireGatewayUrl(node);
  const peer = await deciding(node.state, async () => {
    const found = await findToApprove(node, selector);
    if (options.alias !== undefined) {
      await checkName(node.state, found.publicKey, "alias", options.alias);
    }
    return found.peer?.status === "approved"
      ? await changePeer(node, found.peer, options)
      : await approve(node, found, options);
  });
  await dropAnnouncements(outbox, peer.publicKey, ["removed"]);
  return { peer, attempt: await announce(node, outbox, peer.publicKey, "approve") };
}

/**
 * Changes what an approved peer may do, and tells it.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param selector Which one, as `findFederation` takes it.
 * @param grants What it may do from now on; `null` for the v0.1 rules.
 * @returns The peer, and how telling it went.
 * @throws {MeshError} `not_found`, `ambiguous`, `not_trusted`, `config_invalid`.
 */
export async function setGrants(
  node: OgpNode,
  outbox: Outbox,
  selector: string,
  grants: ScopeGrants | null,
): Promise<AnnouncedPeer> {
  requireGatewayUrl(node);
  const peer = await deciding(
    node.state,
    async () => await changePeer(node, await findApproved(node.state, selector), { grants }),
  );
  return { peer, attempt: await announce(node, outbox, peer.publicKey, "approve") };
}

async function findToApprove(node: OgpNode, selector: string): Promise<Federation> {
  const isOpen = ({ incoming, status }: Federation) =>
    status === "approved" || incoming?.status === "pending";
  try {
    const options = { among: isOpen, what: "federation request" };
    return await findFederation(node.state, selector, options);
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "not_found") throw error;
    const other = await findFederation(node.state, selector).catch(() => undefined);
    if (!other) throw error;
    const name = other.alias ?? other.displayName;
    const sentence = other.outgoing?.status === "pending"
      ? `It is for the owner of "${name}" to approve our request`
      : `There is no request of "${name}" to approve`;
    throw new MeshError("refused", sentence, {
      hint: `ask: mesh ogp federation request ${other.gatewayUrl}`,
    });
  }
}

async function approve(
  node: OgpNode,
  { incoming, peer: before }: Federation,
  { grants, alias }: ApproveOptions,
): Promise<OgpPeer> {
  // `findToApprove` has let nothing else through.
  const request = incoming as IncomingRequest;
  const now = node.now();
  const given = grants === undefined ? defaultGrants(request.offeredIntents, now) : grants;
  const topics = await projectTopics(node.state);
  const peer: OgpPeer = {
    ...approvedPeer(request, before, {
      asked: "them",
      approvedAt: now.toISOString(),
      grants: coverProjects(given, topics, now),
    }),
    ...(alias === undefined ? {} : { alias }),
  };
  await node.state.audit.decision({
    event: "peer.approved",
    peer: peer.id,
    name: peer.displayName,
    gateway_url: peer.gatewayUrl,
    public_key: peer.publicKey,
    intents: intentsOf(peer.grants),
    claims_url_of: request.claimsUrlOf?.join(", "),
  });
  await owe(node, peer.publicKey, "approve");
  await node.state.peers.put(peerName(peer.publicKey), peer);
  await registerTopics(node.state, topics, [peer.publicKey]);
  await settleRequests(node.state, peer.publicKey);
  return peer;
}

async function changePeer(
  node: OgpNode,
  peer: OgpPeer,
  { grants, alias }: ApproveOptions,
): Promise<OgpPeer> {
  const { publicKey } = peer;
  if (grants !== undefined) {
    await node.state.audit.decision({
      event: "peer.granted",
      peer: peer.id,
      public_key: publicKey,
      intents: intentsOf(grants),
    });
  }
  await owe(node, publicKey, "approve");
  // A crash may have come between the peer's record and its request.
  await settleRequests(node.state, publicKey);
  const changed = await node.state.peers.update(peerName(publicKey), (current) =>
    current && {
      ...current,
      ...(grants === undefined ? {} : { grants }),
      ...(alias === undefined ? {} : { alias }),
    });
  return changed ?? peer;
}

function intentsOf(grants: ScopeGrants | null): string {
  if (grants === null) return "v0.1";
  return grants.scopes.filter(({ enabled }) => enabled).map(({ intent }) => intent).join(", ");
}
