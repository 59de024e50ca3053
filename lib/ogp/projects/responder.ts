/**
 * Answers what approved peers ask about projects. The answer is what the peer is told when its message is
 * taken, and is stored with it; whatever is done here before that may be done twice without harm, since a
 * crash in between makes the peer ask again.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import type { WireMessage } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import type { OgpPeer } from "../records.ts";
import { quoted } from "../scope_rules.ts";
import { addContribution } from "./contributions.ts";
import { isProjectIntent, type ProjectIntent } from "./project_intents.ts";
import { askToJoin, projectForMember } from "./membership.ts";
import { contributePayloadOf, joinPayloadOf, projectIdOf, queryPayloadOf } from "./payloads.ts";
import { answerQuery, answerStatus } from "./wire_answers.ts";

/** A message about a project that the doorman has let in. */
export interface ProjectRequest {
  /** The message. */
  readonly message: WireMessage;
  /** Who signed it: an approved peer. */
  readonly peer: OgpPeer;
  /** The name that its record will have. */
  readonly name: string;
  /** The present. */
  readonly now: Date;
}

type Answer = Record<string, unknown>;
type Responder = (node: OgpNode, request: ProjectRequest) => Promise<Answer>;

const RESPONDERS: Readonly<Record<ProjectIntent, Responder>> = {
  "project.join": join,
  "project.contribute": contribute,
  "project.query": query,
  "project.status": status,
};

/**
 * Answers a message about a project.
 *
 * @param node This gateway.
 * @param request The message, of one of `PROJECT_INTENTS`.
 * @returns The response that the peer is given.
 * @throws {MeshError} `malformed` for a payload that is none, `too_large`, `not_found` for a project that
 * is not here, `refused` for who is not a member of it or has to wait for the owner.
 */
export async function respondToProject(node: OgpNode, request: ProjectRequest): Promise<Answer> {
  const { intent } = request.message;
  if (!isProjectIntent(intent)) {
    throw new MeshError("not_found", `Unknown intent: ${quoted(intent)}`);
  }
  const answer = await RESPONDERS[intent](node, request);
  return { ...answer, timestamp: request.now.toISOString() };
}

async function join(node: OgpNode, { message, peer }: ProjectRequest): Promise<Answer> {
  const { projectId, acceptsPending } = joinPayloadOf(message.payload);
  const { state, project } = await askToJoin(node, projectId, peer.publicKey);
  const { id, name, description } = project;
  if (state === "joined") {
    return {
      ...{ joined: true, projectId: id, projectName: name },
      ...(description === undefined ? {} : { projectDescription: description }),
    };
  }
  const sentence = `The owner has to let you into project ${quoted(id)}; ask again after that`;
  // The originals know no third answer: to them it is a no, with the reason.
  if (!acceptsPending) throw new MeshError("refused", sentence);
  return { joined: false, status: "pending", projectId: id, message: sentence };
}

async function contribute(
  node: OgpNode,
  { message, peer, name, now }: ProjectRequest,
): Promise<Answer> {
  const { projectId, ...what } = contributePayloadOf(message.payload);
  const project = await projectForMember(node.state, projectId, peer.publicKey);
  const origin = { author: peer.publicKey, now, source: name };
  const { id, entryType } = await addContribution(node.state, project, what, origin);
  return {
    contributed: true,
    projectId: project.id,
    entryType,
    topic: entryType,
    contributionId: id,
  };
}

async function query(node: OgpNode, { message, peer }: ProjectRequest): Promise<Answer> {
  const asked = queryPayloadOf(message.payload);
  const project = await projectForMember(node.state, asked.projectId, peer.publicKey);
  return await answerQuery(node, peer, project, asked);
}

async function status(node: OgpNode, { message, peer }: ProjectRequest): Promise<Answer> {
  const id = projectIdOf(message.payload);
  const project = await projectForMember(node.state, id, peer.publicKey);
  return await answerStatus(node, peer, project);
}
