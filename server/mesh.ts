/**
 * The surface of Agent Mesh V1: discovery, contact requests, messages. Each step before the last one
 * refuses; the last one has stored what it acknowledges.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { MeshError } from "../lib/error.ts";
import { type PendingLimits, receiveContact, type ReceivedContact } from "../lib/mesh/contacts.ts";
import { acknowledgement, type ReceivedMessage, receiveMessage } from "../lib/mesh/messages.ts";
import type { MeshNode } from "../lib/mesh/node.ts";
import { PROTOCOL } from "../lib/mesh/protocol.ts";
import { methodNotAllowed, notFound, refusal } from "./answers.ts";
import { readBody } from "./body.ts";
import { addressKey, rateLimiter } from "./rate_limit.ts";
import { sendJson } from "./send_json.ts";
import { type Watch, watchedIntake } from "./watch.ts";

/** Most bytes of a request's body, unless told otherwise: 256 KiB. */
export const BODY_LIMIT = 256 * 1024;

/** What the surface is told, and how much it lets in. */
export interface MeshSurfaceOptions {
  /** Told once of each message that is new, after it is stored. */
  readonly onMessage?: (received: ReceivedMessage) => void;
  /** Told of each contact request that now waits for the owner. */
  readonly onContact?: (received: ReceivedContact) => void;
  /** Told of each sender whose message was new: a repetition may come from anybody who saw the first. */
  readonly onHeardFrom?: (agentId: string) => void;
  /** Told of failures that are ours. */
  readonly onFault?: (error: unknown) => void;
  /** Most bytes of a body. Default {@link BODY_LIMIT}. */
  readonly bodyLimit?: number;
  /** Contact requests a minute and address. Default 10. */
  readonly contactsPerMinute?: number;
  /** Contact requests a minute from all addresses together. Default 60. */
  readonly contactsPerMinuteInAll?: number;
  /** How many contact requests may wait. */
  readonly pending?: PendingLimits;
  /** Who measures the messages. */
  readonly watch?: Watch | undefined;
}

type Env = { Bindings: HttpBindings };

const PATHS = {
  discovery: "/agent-mesh/discovery",
  contact: "/agent-mesh/contact-request",
  message: "/agent-mesh/message",
  health: "/healthz",
} as const;

/**
 * Builds the surface for a node.
 *
 * @param node The node.
 * @param options Limits, and who is told.
 * @returns An application whose bindings are `node:http`'s request and response.
 */
export function meshSurface(node: MeshNode, options: MeshSurfaceOptions = {}): Hono<Env> {
  const app = new Hono<Env>();
  const limit = options.bodyLimit ?? BODY_LIMIT;
  const perAddress = rateLimiter({ calls: options.contactsPerMinute ?? 10, windowSeconds: 60 });
  const inAll = rateLimiter({ calls: options.contactsPerMinuteInAll ?? 60, windowSeconds: 60 });
  const { onStep, take } = watchedIntake(options.watch, "mesh");
  const card = { ok: true, protocol: PROTOCOL, agent: node.identity.card };

  app.get(PATHS.health, (c) => c.json({ ok: true }));
  app.get(PATHS.discovery, (c) => c.json(card));

  app.post(PATHS.contact, async (c) => {
    const source = sourceOf(c);
    const wait = perAddress.take(addressKey(source)) || inAll.take("all");
    if (wait > 0) {
      throw new MeshError("rate_limited", "Too many contact requests; try again later", {
        retryAfter: wait,
      });
    }
    const bytes = await readBody(c.env.incoming, limit);
    const received = await receiveContact(node, bytes, {
      source,
      ...(options.pending ? { limits: options.pending } : {}),
    });
    if (received.state === "pending") options.onContact?.(received);
    const { request_id } = received.request;
    return c.json({ ok: true, result: { verified: true, request_id, saved: request_id } });
  });

  app.post(PATHS.message, async (c) => {
    const bytes = await readBody(c.env.incoming, limit);
    const source = sourceOf(c);
    const received = await take(() => receiveMessage(node, bytes, { source, onStep }));
    if (received.state === "new") {
      options.onMessage?.(received);
      options.onHeardFrom?.(received.message.from);
    }
    const { message_id } = received.message;
    const ack = acknowledgement(message_id, node.now());
    const result = { verified: true, message_id, saved: message_id, ack };
    return sendJson(c.env, { ok: true, result });
  });

  for (const path of [PATHS.health, PATHS.discovery]) app.all(path, () => methodNotAllowed("GET"));
  for (const path of [PATHS.contact, PATHS.message]) app.all(path, () => methodNotAllowed("POST"));
  app.notFound(() => notFound());
  app.onError((error) => {
    const response = refusal(error);
    if (response.status >= 500) options.onFault?.(error);
    return response;
  });
  return app;
}

function sourceOf(c: Context<Env>): string {
  return c.env.incoming.socket.remoteAddress ?? "unknown";
}
