/**
 * A gateway of ours in the place of a recorded one: its key, its name, its clock, and whatever the
 * recording says had happened before.
 *
 * @module
 */
import { keyId } from "../../lib/ogp/names.ts";
import { PrivateKey } from "../../lib/identity/private_key.ts";
import { publicKeyFromDerHex } from "../../lib/identity/keys.ts";
import { initIdentity } from "../../lib/mesh/identity.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import { ogpConfig } from "../../lib/ogp/config.ts";
import { type OgpNode, openOgpNode } from "../../lib/ogp/node.ts";
import { recordOfOutgoing } from "../../lib/ogp/outgoing_record.ts";
import type { PeerCard } from "../../lib/ogp/records.ts";
import { setTopics } from "../../lib/ogp/policies/changes.ts";
import { GLOBAL } from "../../lib/ogp/policies/policy_store.ts";
import { createProject } from "../../lib/ogp/projects/membership.ts";
import { defaultGrants, type ScopeGrants } from "../../lib/ogp/scopes.ts";
import { openOgpState, peerName } from "../../lib/ogp/state.ts";
import { fromPlain } from "../../lib/signing/json_plain.ts";
import { listen, type Listening } from "../../server/listen.ts";
import { ogpSurface } from "../../server/ogp.ts";
import { rootOutbox } from "../../server/outbox.ts";
import {
  grantedIn,
  type OgpVector,
  PARTIES,
  type Party,
  readVector,
  senderOf,
} from "./ogp_vectors.ts";

/** What it answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A gateway that listens. */
export interface RecordedGateway extends AsyncDisposable {
  readonly node: OgpNode;
  /** Sends it an exchange, at the time at which that was recorded. */
  ask(vector: OgpVector): Promise<Answer>;
}

/** Builds the gateway that an exchange was sent to, as it was just before. */
export async function gatewayBefore(vector: OgpVector): Promise<RecordedGateway> {
  const root = await Deno.makeTempDir({ prefix: "mesh-vector-" });
  let clock = vector.clock;
  await makeIdentity(root, vector);
  const node = await openOgpNode(root, { now: () => new Date(clock) });
  await makePeer(node, vector);
  await makeSent(node, vector);
  await makeProject(node, vector);
  await closeTopics(node, vector);
  const surface = ogpSurface(node, rootOutbox({ ogp: node }));
  const server = await listen(surface, { host: "127.0.0.1", port: 0 });
  const ask = async (one: OgpVector) => {
    clock = one.clock;
    return await send(server, one);
  };
  for (const name of vector.given.after ?? []) await ask(readVector(vector.dialect, name));
  return {
    node,
    ask,
    async [Symbol.asyncDispose]() {
      await server.close(0);
      node[Symbol.dispose]();
      await Deno.remove(root, { recursive: true });
    },
  };
}

async function makeIdentity(root: string, { receiver, given }: OgpVector): Promise<void> {
  const key = new PrivateKey(Uint8Array.fromHex(receiver.privateKey.slice(-64)));
  const file = `${root}/private_key.pem`;
  await Deno.writeTextFile(file, key.exportSecretPem(), { mode: 0o600 });
  const endpoint = "http://127.0.0.1:8787";
  await initIdentity(openMeshState(root), { agentId: "recorded", endpoint });
  const [agentName] = given.personas ?? [];
  await ogpConfig(openOgpState(root).store).change({
    gatewayUrl: receiver.url,
    displayName: receiver.name,
    ...(agentName ? { agentName } : {}),
  });
}

/** Puts on record what the receiver knew of the sender. */
async function makePeer(
  node: OgpNode,
  vector: OgpVector,
  sender: Party | undefined = senderOf(vector),
): Promise<void> {
  const { given, dialect } = vector;
  if (!sender || given.sender === "unknown" || given.sender === "pending") return;
  const now = node.now();
  const card: PeerCard = {
    publicKey: publicKeyFromDerHex(sender.publicKey).der,
    displayName: sender.name,
    gatewayUrl: sender.url,
  };
  const name = peerName(card.publicKey);
  const known = { ...card, id: keyId(card.publicKey), dialect };
  if (given.sender === "asked") {
    const requestedAt = new Date(now.getTime() - 1000).toISOString();
    return await node.state.requestsOut.put(name, { ...known, status: "pending", requestedAt });
  }
  const grants = grantsOf(vector, now);
  const approvedAt = now.toISOString();
  const status = given.sender;
  await node.state.peers.put(name, { ...known, status, asked: "them", approvedAt, grants });
  for (let n = 0; n < (given.used ?? 0); n++) {
    await node.doorman.admit({ peerKey: name, grants, intent: "message", now });
  }
}

/** Puts on record what the receiver had sent to the sender, or to somebody else if that is a stranger. */
async function makeSent(node: OgpNode, vector: OgpVector): Promise<void> {
  const { given } = vector;
  const to = (given.sender === "unknown" ? PARTIES.alpha : senderOf(vector))?.publicKey ?? "";
  if (given.sent && given.sender === "unknown") {
    await makePeer(node, { ...vector, given: { sender: "approved" } }, PARTIES.alpha);
  }
  for (const nonce of given.sent ?? []) {
    const said = { intent: "message", payload: fromPlain({ text: "hello" }) };
    const names = { to, addressee: keyId(to), from: keyId(node.privateKey.publicKey.der) };
    const record = { nonce, ...said, ...names, createdAt: node.now().toISOString() };
    await node.state.messagesOut.create(nonce, recordOfOutgoing(record));
  }
}

/** The project that a message is about, as it was made before the recording. */
async function makeProject(node: OgpNode, vector: OgpVector): Promise<void> {
  const about = /"projectId":"(p\d)"/.exec(vector.request.body?.replaceAll("\\", "") ?? "")?.[1];
  const sender = senderOf(vector)?.publicKey;
  if (about === undefined || sender === undefined) return;
  const names: Record<string, string> = { p1: "Proj One", p2: "ProjTwo", p3: "Three" };
  const joined = about === "p3" ? { members: [sender] } : {};
  await createProject(node, { id: about, name: names[about]!, joining: "open", ...joined });
}

/** The policies that were set before the recording. */
async function closeTopics({ state, now }: OgpNode, { given }: OgpVector): Promise<void> {
  const topics = given.closedTopics;
  if (topics) await setTopics(state, GLOBAL, { topics, level: "off", now: now() });
}

function grantsOf(vector: OgpVector, now: Date): ScopeGrants {
  const { topics } = vector.given;
  const { scopes, ...rest } = defaultGrants(grantedIn(vector), now);
  return {
    ...rest,
    scopes: scopes.map((scope) =>
      topics && scope.intent === "agent-comms" ? { ...scope, topics: [...topics] } : scope
    ),
  };
}

async function send({ port }: Listening, { request }: OgpVector): Promise<Answer> {
  const { method, path, body } = request;
  const headers = Object.entries(request.headers).filter(([name]) =>
    /^x-|^content-type$|^user-agent$/i.test(name)
  );
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    redirect: "manual",
    ...(body === null ? {} : { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
