/**
 * Gateways that listen on loopback, each with a way to be reached by the others, and gateways of the old
 * dialect that only record what they are told.
 *
 * @module
 */
import { assertRejects } from "@std/assert";
import { Outbox } from "../../../lib/delivery/outbox.ts";
import { retryPolicy } from "../../../lib/delivery/retry_policy.ts";
import { type ErrorCode, httpStatusOf, MeshError } from "../../../lib/error.ts";
import { SIGNED_REJECTIONS } from "../../../lib/ogp/approval_body.ts";
import { receiveApproval } from "../../../lib/ogp/approvals_in.ts";
import { approveFederation } from "../../../lib/ogp/approvals_out.ts";
import { ownCard } from "../../../lib/ogp/card.ts";
import { federationCarriers } from "../../../lib/ogp/federation_carriers.ts";
import { receiveIdentityUpdate } from "../../../lib/ogp/identity_update.ts";
import { receiveOgpMessage } from "../../../lib/ogp/intake.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import { verifyProof } from "../../../lib/ogp/proof.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { receiveRemoval } from "../../../lib/ogp/removal.ts";
import { receiveRequest } from "../../../lib/ogp/requests_in.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { signText } from "../../../lib/ogp/signed_text.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { Clock } from "../mesh/parties.ts";
import { type Stranger, stranger, type TestGateway, testGateway } from "./gateways.ts";

/** A request that a server got. */
export interface Post {
  readonly path: string;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** A gateway that listens. */
export interface ServedGateway extends TestGateway {
  readonly url: string;
  readonly publicKey: string;
  readonly outbox: Outbox;
  /** What it was told, oldest first. */
  readonly posts: Post[];
  /** Answers every post itself, if it is set. */
  intercept: ((post: Post) => Response | undefined) | undefined;
  /** Its record of another gateway. */
  peer(other: { readonly publicKey: string }): Promise<OgpPeer | undefined>;
  /** Makes one attempt at everything in the outbox. */
  deliver(): Promise<string[]>;
  /** The events in its audit log, oldest first. */
  audited(): Promise<string[]>;
}

/** Makes a gateway that listens. */
export async function servedGateway(
  displayName: string,
  { clock = new Clock(), config = {} }: {
    readonly clock?: Clock;
    readonly config?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<ServedGateway> {
  let handle = (_request: Request, _info: Deno.ServeHandlerInfo) =>
    Promise.resolve(new Response(null, { status: 503 }));
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, info) => handle(request, info),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const gateway = await testGateway({ displayName, clock, config: { gatewayUrl: url, ...config } });
  const { node } = gateway;
  const outbox = outboxOf(node);
  const posts: Post[] = [];
  const served: ServedGateway = {
    ...gateway,
    url,
    publicKey: node.privateKey.publicKey.der,
    outbox,
    posts,
    intercept: undefined,
    peer: (other) => node.state.peers.get(peerName(other.publicKey)),
    deliver: async () => {
      const states: string[] = [];
      for (const id of await outbox.entries.ids()) states.push((await outbox.attempt(id)).state);
      return states;
    },
    audited: () => auditedIn(gateway.root),
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await gateway[Symbol.asyncDispose]();
    },
  };
  handle = async (request, info) => {
    const { pathname } = new URL(request.url);
    if (request.method === "GET") {
      const shown = (name: string) => request.headers.get(`x-ogp-${name}`) ?? "";
      const proof = { peerId: shown("peer-id"), timestamp: shown("timestamp") };
      await verifyProof(node, { ...proof, signature: shown("signature") });
      return Response.json(withRejections(ownCard(node)));
    }
    const bytes = new Uint8Array(await request.arrayBuffer());
    const post = { path: pathname, body: JSON.parse(new TextDecoder().decode(bytes)) };
    posts.push(post);
    const intercepted = served.intercept?.(post);
    if (intercepted) return intercepted;
    const source = info.remoteAddr.transport === "tcp" ? info.remoteAddr.hostname : undefined;
    const host = request.headers.get("host") ?? undefined;
    return await routed(node, outbox, pathname, bytes, { source, host });
  };
  return served;
}

/** The outbox of a gateway, as a daemon has it. */
export function outboxOf(node: OgpNode): Outbox {
  return new Outbox({
    store: node.state.store,
    entries: node.state.outbox,
    failed: node.state.failed,
    policy: retryPolicy({ jitter: 0 }),
    carriers: federationCarriers(node),
    now: node.now,
  });
}

/** The card of a server that takes a signed `approved: false` for what it is. */
function withRejections(card: Record<string, unknown>): Record<string, unknown> {
  const capabilities = card.capabilities as { features: string[] };
  const features = [...new Set([...capabilities.features, SIGNED_REJECTIONS])];
  return { ...card, capabilities: { ...capabilities, features } };
}

async function routed(
  node: OgpNode,
  outbox: Outbox,
  path: string,
  bytes: Uint8Array,
  options: { readonly source: string | undefined; readonly host: string | undefined },
): Promise<Response> {
  try {
    switch (path) {
      case "/federation/request": {
        const { status, peerId } = await receiveRequest(node, bytes, options);
        return Response.json({ received: true, status, peerId });
      }
      case "/federation/approve":
        await receiveApproval(node, outbox, bytes, options);
        return Response.json({ received: true });
      case "/federation/removed": {
        const { peer } = await receiveRemoval(node, bytes, options);
        return Response.json({ success: true, peerId: peer.id, status: "removed" });
      }
      case "/federation/update-identity":
        await receiveIdentityUpdate(node, bytes, options);
        return Response.json({ updated: true });
      case "/federation/message":
        return Response.json((await receiveOgpMessage(node, bytes)).answer);
      default:
        return new Response("<html>", { status: 404 });
    }
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const status = httpStatusOf(error);
    return Response.json({ success: false, error: error.message, code: error.code }, { status });
  }
}

/** Two gateways of one clock. */
export async function pair(): Promise<
  { anna: ServedGateway; bert: ServedGateway; clock: Clock } & AsyncDisposable
> {
  const clock = new Clock();
  const anna = await servedGateway("Anna", { clock });
  const bert = await servedGateway("Bert", { clock });
  return {
    anna,
    bert,
    clock,
    async [Symbol.asyncDispose]() {
      await anna[Symbol.asyncDispose]();
      await bert[Symbol.asyncDispose]();
    },
  };
}

/** Lets one ask and the other approve, all of it delivered. */
export async function federate(asker: ServedGateway, approver: ServedGateway): Promise<void> {
  await requestFederation(asker.node, approver.url);
  await approveFederation(approver.node, approver.outbox, asker.publicKey);
  await asker.deliver();
}

/** A gateway of OGP 0.2 that listens, and says yes to everything. */
export interface OldGateway extends Stranger, AsyncDisposable {
  readonly url: string;
  /** What 0.2 calls it. */
  readonly hostPort: string;
  readonly posts: Post[];
  /** The card that it serves; may be changed. */
  card: Record<string, unknown>;
  /** What 0.7 calls the gateway that asked it. */
  readonly peerId: string | undefined;
}

/** Makes such a gateway. */
export function oldGateway(displayName = "Olga"): OldGateway {
  const who = stranger();
  const posts: Post[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      if (request.method === "GET") return Response.json(old.card);
      posts.push({ path: new URL(request.url).pathname, body: await request.json() });
      return Response.json({ received: true, status: "pending", message: "pending approval" });
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const { publicKey } = who;
  const old: OldGateway = {
    ...who,
    url,
    hostPort: `127.0.0.1:${server.addr.port}`,
    posts,
    card: {
      version: "0.2.0",
      displayName,
      email: "olga@example.test",
      gatewayUrl: url,
      publicKey,
      capabilities: { intents: ["message"], features: ["scope-negotiation", "reply-callback"] },
    },
    get peerId() {
      return posts.at(-1)?.body.peer?.publicKey.slice(0, 32);
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return old;
}

/** A request of a stranger as 0.7 signs it. */
export function requestOf(
  who: Stranger,
  { clock, peer = {}, payload = {}, body = {} }: {
    readonly clock: Clock;
    readonly peer?: Readonly<Record<string, unknown>>;
    readonly payload?: Readonly<Record<string, unknown>>;
    readonly body?: Readonly<Record<string, unknown>>;
  },
): Uint8Array {
  const payloadStr = JSON.stringify({
    peer: {
      id: who.publicKey.slice(0, 16),
      displayName: "Mallory",
      email: "m@example.test",
      gatewayUrl: "http://127.0.0.1:19999",
      publicKey: who.publicKey,
      ...peer,
    },
    offeredIntents: ["message"],
    timestamp: clock.now().toISOString(),
    ...payload,
  });
  return bytesOf({ payloadStr, signature: signText(who.key, payloadStr), ...body });
}

/** A request of a stranger as 0.2 sends it. */
export function oldRequestOf(
  who: Stranger,
  peer: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const value = {
    id: "evil:1",
    displayName: "Evil",
    email: "e@x",
    gatewayUrl: "http://127.0.0.1:19999",
    publicKey: who.publicKey,
    ...peer,
  };
  return bytesOf({ peer: value, signature: signText(who.key, JSON.stringify(value)) });
}

/** A signed approval, with whatever a test wants to say in it and beside it. */
export function approvalOf(
  who: Pick<Stranger, "key" | "publicKey"> & Partial<Pick<OldGateway, "peerId">>,
  clock: Clock,
  fields: Readonly<Record<string, unknown>> = {},
  beside: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const payloadStr = JSON.stringify({
    peerId: who.peerId,
    approved: true,
    fromPublicKey: who.publicKey,
    timestamp: clock.now().toISOString(),
    ...fields,
  });
  return bytesOf({ ...beside, payloadStr, signature: signText(who.key, payloadStr) });
}

/** A removal, or the headers of a proof: both are signed alike. */
export function proofOf(
  who: Pick<Stranger, "key" | "publicKey">,
  clock: Clock,
): { peerId: string; timestamp: string; signature: string } {
  const told = { peerId: who.publicKey.slice(0, 32), timestamp: clock.now().toISOString() };
  return { ...told, signature: signText(who.key, JSON.stringify(told)) };
}

/** A document as bytes. */
export function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Fails unless something is refused with a code. */
export async function refused(code: ErrorCode, work: () => Promise<unknown>): Promise<MeshError> {
  const error = await assertRejects(work, MeshError);
  if (error.code !== code) {
    throw new Error(`Refused with "${error.code}" (${error.message}) instead of "${code}"`);
  }
  return error;
}

/** The events in the audit log of a root, oldest first. */
export async function auditedIn(root: string): Promise<string[]> {
  const events: string[] = [];
  for await (const { name } of Deno.readDir(`${root}/audit`)) {
    const text = await Deno.readTextFile(`${root}/audit/${name}`);
    events.push(...text.trim().split("\n").map((line) => JSON.parse(line).event));
  }
  return events;
}
