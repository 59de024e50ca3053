/**
 * The surface of the Open Gateway Protocol: card, requests, approvals, messages, replies. Answers are those
 * of dialect 0.7 with the keys beside them that 0.2 reads. Each step before the last one refuses; the last
 * one has stored what it acknowledges.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Outbox } from "../lib/delivery/outbox.ts";
import { MeshError } from "../lib/error.ts";
import { receiveApproval, type ReceivedApproval } from "../lib/ogp/approvals_in.ts";
import { ownCard, ownPeer } from "../lib/ogp/card.ts";
import { receiveIdentityUpdate } from "../lib/ogp/identity_update.ts";
import { type ReceivedOgpMessage, receiveOgpMessage } from "../lib/ogp/intake.ts";
import { intentNames } from "../lib/ogp/intents/registry.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import { verifyProof } from "../lib/ogp/proof.ts";
import type { OgpPeer } from "../lib/ogp/records.ts";
import { receiveRemoval } from "../lib/ogp/removal.ts";
import { receiptForPoll, replyForPoll } from "../lib/ogp/replies.ts";
import { receiveReply } from "../lib/ogp/reply_in.ts";
import { type ReceivedRequest, receiveRequest } from "../lib/ogp/requests_in.ts";
import { peerName } from "../lib/ogp/state.ts";
import { methodNotAllowed, notFound } from "./answers.ts";
import { readBody } from "./body.ts";
import { clientAddress } from "./client_address.ts";
import { ogpRefusal } from "./ogp_refusal.ts";
import { addressKey, rateLimiter } from "./rate_limit.ts";
import { sendJson } from "./send_json.ts";
import { type Watch, watchedIntake } from "./watch.ts";

/** Most bytes of a request's body, unless told otherwise: 256 KiB. */
export const OGP_BODY_LIMIT = 256 * 1024;

/** What the surface is told, and how much it lets in. */
export interface OgpSurfaceOptions {
  /** Told once of each message that is new, after it is stored. */
  readonly onMessage?: (received: ReceivedOgpMessage) => void;
  /** Told of each request that now waits for the owner. */
  readonly onRequest?: (received: ReceivedRequest) => void;
  /** Told of what became of a request of ours. */
  readonly onApproval?: (received: ReceivedApproval) => void;
  /** Told of a peer that says that it ended the federation. */
  readonly onRemoval?: (peer: OgpPeer, confirmed: boolean) => void;
  /** Told of each reply to a message of ours, once. */
  readonly onReply?: (nonce: string) => void;
  /** Told of each peer whose message was new, by {@link peerName}. */
  readonly onHeardFrom?: (name: string) => void;
  /** Told of failures that are ours. */
  readonly onFault?: (error: unknown) => void;
  /** Most bytes of a body. Default {@link OGP_BODY_LIMIT}. */
  readonly bodyLimit?: number;
  /**
   * Calls a minute and address of what a stranger can call and that costs us something. Default 20. Other
   * programs of this machine have only the limit in all.
   */
  readonly strangersPerMinute?: number;
  /** The same from all addresses together. Default 120. */
  readonly strangersPerMinuteInAll?: number;
  /** Questions for replies a minute and address, which nobody signs. Default 240. */
  readonly pollsPerMinute?: number;
  /** Who measures the messages. */
  readonly watch?: Watch | undefined;
}

type Env = { Bindings: HttpBindings };
type Ogp = Context<Env>;

/**
 * Builds the surface for a gateway.
 *
 * @param node The gateway.
 * @param outbox Where answers to approvals are queued, and messages for the owner's agent.
 * @param options Limits, and who is told.
 * @returns An application whose bindings are `node:http`'s request and response.
 */
export function ogpSurface(
  node: OgpNode,
  outbox: Outbox,
  options: OgpSurfaceOptions = {},
): Hono<Env> {
  const app = new Hono<Env>();
  const bodyOf = (c: Ogp) => readBody(c.env.incoming, options.bodyLimit ?? OGP_BODY_LIMIT);
  const perAddress = rateLimiter({ calls: options.strangersPerMinute ?? 20, windowSeconds: 60 });
  const inAll = rateLimiter({ calls: options.strangersPerMinuteInAll ?? 120, windowSeconds: 60 });
  const polls = rateLimiter({ calls: options.pollsPerMinute ?? 240, windowSeconds: 60 });
  const { onStep, take } = watchedIntake(options.watch, "ogp");
  /** What a stranger may call, though it makes us write or ask elsewhere. */
  const strangersBody = async (c: Ogp) => {
    const { address, local } = clientAddress(c.env.incoming);
    const wait = (local ? 0 : perAddress.take(addressKey(address))) || inAll.take("all");
    if (wait === 0) return await bodyOf(c);
    throw tooMany(wait);
  };

  app.get("/.well-known/ogp", async (c) => c.json(await cardFor(node, c)));
  app.get("/federation/ping", (c) => {
    const { displayName, gatewayUrl } = ownPeer(node);
    return c.json({ pong: true, displayName, gatewayUrl, timestamp: node.now().toISOString() });
  });

  app.post("/federation/request", async (c) => {
    const host = c.req.header("host");
    const received = await receiveRequest(node, await strangersBody(c), {
      source: sourceOf(c),
      ...(host === undefined ? {} : { host }),
    });
    if (received.isNew) options.onRequest?.(received);
    const { status, peerId } = received;
    const message = status === "pending"
      ? "Federation request received and pending approval"
      : "This gateway is known already";
    return c.json({ received: true, status, message, peerId });
  });

  app.post("/federation/approve", async (c) => {
    const received = await receiveApproval(node, outbox, await strangersBody(c), {
      source: sourceOf(c),
    });
    options.onApproval?.(received);
    return c.json({ received: true });
  });

  app.post("/federation/message", async (c) => {
    const bytes = await bodyOf(c);
    const source = sourceOf(c);
    const received = await take(() => receiveOgpMessage(node, bytes, { source, outbox, onStep }));
    if (received.state === "new") {
      options.onMessage?.(received);
      options.onHeardFrom?.(peerName(received.peer.publicKey));
    }
    return sendJson(c.env, received.answer);
  });

  app.get("/federation/reply/:nonce", async (c) => {
    const nonce = c.req.param("nonce");
    const { address, local } = clientAddress(c.env.incoming);
    // Each is a look for a record of each peer.
    const wait = local ? 0 : polls.take(addressKey(address));
    if (wait > 0) throw tooMany(wait);
    const found = await replyForPoll(node, nonce);
    if (found.found) {
      const { found: _found, ...reply } = found;
      return c.json({ nonce, status: "complete", ...reply });
    }
    const receipt = await receiptForPoll(node, nonce);
    return c.json({ nonce, status: "pending", message: "Reply not yet available", receipt }, 404);
  });

  app.post("/federation/reply/:nonce", async (c) => {
    const nonce = c.req.param("nonce");
    const { state } = await receiveReply(node, nonce, await bodyOf(c), { source: sourceOf(c) });
    if (state === "new") options.onReply?.(nonce);
    return c.json({ received: true });
  });

  app.post("/federation/removed", async (c) => {
    const { peer, confirmed } = await receiveRemoval(node, await strangersBody(c), {
      source: sourceOf(c),
    });
    options.onRemoval?.(peer, confirmed);
    return c.json({ success: true, peerId: peer.id, status: "removed" });
  });

  app.post("/federation/update-identity", async (c) => {
    await receiveIdentityUpdate(node, await strangersBody(c), { source: sourceOf(c) });
    return c.json({ updated: true, message: "Identity updated successfully" });
  });

  for (const path of ["/.well-known/ogp", "/federation/ping"]) {
    app.all(path, () => methodNotAllowed("GET"));
  }
  app.all("/federation/reply/:nonce", () => methodNotAllowed("GET, POST"));
  for (const call of ["request", "approve", "message", "removed", "update-identity"]) {
    app.all(`/federation/${call}`, () => methodNotAllowed("POST"));
  }
  app.notFound(() => notFound());
  app.onError((error) => {
    const response = ogpRefusal(error);
    if (response.status >= 500) options.onFault?.(error);
    return response;
  });
  return app;
}

/** Our card; a peer that proves itself is told where it stands. */
async function cardFor(node: OgpNode, c: Ogp): Promise<Record<string, unknown>> {
  const peerId = c.req.header("x-ogp-peer-id");
  const timestamp = c.req.header("x-ogp-timestamp");
  const signature = c.req.header("x-ogp-signature");
  const card = ownCard(node, await intentNames(node.state));
  if (!peerId || !timestamp || !signature) return card;
  const peer = await verifyProof(node, { peerId, timestamp, signature });
  return peer ? { ...card, peerStatus: { peerId, status: peer.status, healthy: true } } : card;
}

function tooMany(retryAfter: number): MeshError {
  return new MeshError("rate_limited", "Too many calls; try again later", { retryAfter });
}

function sourceOf(c: Ogp): string {
  return clientAddress(c.env.incoming).address;
}
