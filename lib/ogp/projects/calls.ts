/**
 * What an owner does with a project at a peer's gateway: asks to be let in, contributes, looks.
 *
 * @module
 */
import type { Outbox } from "../../delivery/outbox.ts";
import type { OgpNode } from "../node.ts";
import type { OgpPeer } from "../records.ts";
import { answerOf, type Asked, askPeer } from "./ask.ts";
import {
  assertContribution,
  type AuthorIdentity,
  authorIdentityOf,
  type NewContribution,
} from "./contribution_record.ts";
import { saysText } from "./contributions.ts";
import { addMember, createProject } from "./membership.ts";
import {
  type ToldContributions,
  toldContributions,
  toldJoin,
  type ToldStatus,
  toldStatus,
} from "./peer_answers.ts";
import { assertProjectId, type Project, PROJECT_LIMITS } from "./project_record.ts";
import { findProject } from "./project_store.ts";
import { registerTopic } from "./topics.ts";

/** Which project is to be joined, and what it is called here. */
export interface JoinOptions {
  /** Its id, there and here. */
  readonly id: string;
  /** Its name, if the peer does not tell one. */
  readonly name: string;
  /** What it is about, if the peer does not tell. */
  readonly description?: string | undefined;
}

/** What came of asking to be let in. */
export type JoinOutcome =
  | { readonly state: "joined"; readonly project: Project; readonly created: boolean }
  /** The peer's owner has to decide. */
  | { readonly state: "pending"; readonly message?: string | undefined };

/** What to look for at a peer. */
export interface PeerQuery {
  /** Only of this type. */
  readonly entryType?: string | undefined;
  /** Only of this author, as the peer calls it. */
  readonly authorId?: string | undefined;
  /** Only where this occurs; the originals do not look for it, so it is looked for here as well. */
  readonly search?: string | undefined;
  /** Only the newest so many. */
  readonly limit?: number | undefined;
}

/**
 * Asks a peer to be let into one of its projects. Once it says yes there is a project of that id here, too,
 * with the peer as a member: each gateway keeps what is contributed there.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param peer The peer.
 * @param label The peer's name, for errors.
 * @param options Which project.
 * @returns What came of it.
 * @throws {MeshError} `usage` for an id that cannot be, `refused`, `not_found`, `unavailable`, `malformed`.
 */
export async function requestJoin(
  node: OgpNode,
  outbox: Outbox,
  peer: OgpPeer,
  label: string,
  { id, name, description }: JoinOptions,
): Promise<JoinOutcome> {
  assertProjectId(id);
  const projectDescription = description === undefined ? {} : { projectDescription: description };
  const asked = await askPeer(node, outbox, peer, {
    intent: "project.join",
    projectId: id,
    payload: { projectName: name, ...projectDescription, acceptsPending: true },
  });
  const told = toldJoin(answerOf(asked, label));
  if (!told.joined) return { state: "pending", message: told.message };
  const created = await findProject(node.state, id) === undefined;
  if (created) {
    const about = printable(told.projectDescription, PROJECT_LIMITS.description) ?? description;
    await createProject(node, {
      id,
      name: printable(told.projectName, PROJECT_LIMITS.name) ?? name,
      ...(about === undefined ? {} : { description: about }),
    });
  }
  const project = await addMember(node, id, peer.publicKey);
  await registerTopic(node, outbox, id, [peer.publicKey]);
  return { state: "joined", project, created };
}

/**
 * Contributes to a project at a peer's gateway. It stays in the outbox until the peer has it.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param peer The peer.
 * @param projectId The project.
 * @param what What is said.
 * @param toAgent Which of the peer's agents it is for.
 * @returns What came of it.
 * @throws {MeshError} `malformed` or `too_large` for what cannot be contributed anywhere, and as `askPeer`.
 */
export async function sendContribution(
  node: OgpNode,
  outbox: Outbox,
  peer: OgpPeer,
  projectId: string,
  what: NewContribution,
  toAgent?: string,
): Promise<Asked> {
  assertContribution(what);
  const { entryType, summary, metadata } = what;
  return await askPeer(node, outbox, peer, {
    intent: "project.contribute",
    projectId,
    // `topic` says the same to gateways that do not know entry types.
    payload: { entryType, topic: entryType, summary, metadata, authorIdentity: ownIdentity(node) },
    keep: true,
    toAgent,
  });
}

/**
 * Looks for contributions at a peer's gateway.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param peer The peer.
 * @param label The peer's name, for errors.
 * @param projectId The project.
 * @param query What to look for.
 * @returns What the peer told.
 * @throws {MeshError} `refused`, `not_found`, `unavailable`, `malformed`.
 */
export async function queryPeer(
  node: OgpNode,
  outbox: Outbox,
  peer: OgpPeer,
  label: string,
  projectId: string,
  { entryType, authorId, search, limit }: PeerQuery,
): Promise<ToldContributions> {
  const asked = await askPeer(node, outbox, peer, {
    intent: "project.query",
    projectId,
    payload: { entryType, topic: entryType, authorId, search, limit },
  });
  const told = toldContributions(answerOf(asked, label));
  const contributions = told.contributions.filter((one) =>
    (search === undefined || saysText(one, search)) &&
    (entryType === undefined || one.entryType === entryType)
  );
  return { ...told, contributions: contributions.slice(0, limit) };
}

/**
 * Looks at a project at a peer's gateway.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param peer The peer.
 * @param label The peer's name, for errors.
 * @param projectId The project.
 * @returns What the peer told.
 * @throws {MeshError} `refused`, `not_found`, `unavailable`, `malformed`.
 */
export async function statusOfPeer(
  node: OgpNode,
  outbox: Outbox,
  peer: OgpPeer,
  label: string,
  projectId: string,
): Promise<ToldStatus> {
  const asked = await askPeer(node, outbox, peer, { intent: "project.status", projectId });
  return toldStatus(answerOf(asked, label));
}

/**
 * Who we are, as a contribution of ours carries it.
 *
 * @param node This gateway.
 * @returns The names that are configured.
 */
export function ownIdentity(node: OgpNode): AuthorIdentity | undefined {
  const { humanName, agentName, organization } = node.config;
  return authorIdentityOf({ displayName: node.displayName, humanName, agentName, organization });
}

/** A peer's words, as they can be stored; `undefined` if nothing is left of them. */
function printable(text: string | undefined, most: number): string | undefined {
  return text?.slice(0, most).toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ").trim() ||
    undefined;
}
