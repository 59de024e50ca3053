/**
 * Gateways with projects, and what their peers say, for tests.
 *
 * @module
 */
import { assertRejects } from "@std/assert";
import { type ErrorCode, MeshError } from "../../../../lib/error.ts";
import { incomingName } from "../../../../lib/ogp/incoming.ts";
import { createProject } from "../../../../lib/ogp/projects/membership.ts";
import type { Project } from "../../../../lib/ogp/projects/project_record.ts";
import { respondToProject } from "../../../../lib/ogp/projects/responder.ts";
import type { OgpPeer } from "../../../../lib/ogp/records.ts";
import { befriend, stranger, type TestGateway, testGateway } from "../gateways.ts";

/** What a peer says: an intent and its payload, under a nonce of its own unless one is given. */
export interface Said {
  readonly intent: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly nonce?: string;
}

/** A gateway with the project `p1`, a member of it, and an approved peer that is none. */
export interface Team extends TestGateway {
  readonly project: Project;
  readonly member: OgpPeer;
  readonly other: OgpPeer;
}

/** Makes one. */
export async function team(changes: Partial<OgpPeer> = {}): Promise<Team> {
  const gateway = await testGateway();
  const member = await befriend(gateway, stranger(), changes);
  const other = await befriend(gateway, stranger(), { displayName: "Leo", ...changes });
  const project = await createProject(gateway.node, {
    id: "p1",
    name: "Proj One",
    description: "d",
    members: [member.publicKey],
  });
  return { ...gateway, project, member, other };
}

/** Has a peer say something, and gives back what it is answered. */
export async function says(
  { node }: Pick<TestGateway, "node">,
  peer: OgpPeer,
  { intent, payload, nonce = crypto.randomUUID() }: Said,
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
): Promise<any> {
  const now = node.now();
  const message = { intent, payload, nonce, from: peer.id, to: "", timestamp: now.toISOString() };
  const name = incomingName(nonce, peer.publicKey);
  return await respondToProject(node, { message, peer, name, now });
}

/** Makes sure that something is refused, with this code and sentence. */
export async function refused(
  answer: () => Promise<unknown>,
  code: ErrorCode,
  sentence = "",
): Promise<void> {
  const error = await assertRejects(answer, MeshError, sentence);
  if (error.code !== code) throw new Error(`${error.code} instead of ${code}: ${error.message}`);
}
