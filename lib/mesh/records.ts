/**
 * The records of Agent Mesh V1 as they travel and as they are stored. Unknown fields are part of what is
 * signed, so they are allowed and kept. Source: the protocol `openclaw-agent-mesh/v1`.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import type { JsonObject } from "../signing/json.ts";
import { toPlain } from "../signing/json_plain.ts";
import { type AgentCard, agentCardShape, protocolId } from "./card.ts";

/** "I am this agent with this key, may I talk to you?", signed with the very key that it shows. */
export interface ContactRequest {
  /** Tells it from other documents. */
  readonly type: "contact_request";
  /** The request's id, `req_` and 32 hex digits unless made by hand. */
  readonly request_id: string;
  /** Who asks. */
  readonly from: AgentCard;
  /** When it was signed: UTC, ISO 8601. */
  readonly timestamp: string;
  /** Why, in the sender's words. */
  readonly purpose: string;
  /** Base64 of the Ed25519 signature over the canonical JSON of everything else. */
  readonly signature: string;
}

/** A message from one agent to another, signed with the sender's key. */
export interface DirectMessage {
  /** Tells it from other documents. */
  readonly type: "direct_message";
  /** The message's id, unique per sender. */
  readonly message_id: string;
  /** The sender's agent id. */
  readonly from: string;
  /** The receiver's agent id. */
  readonly to: string;
  /** When it was signed: UTC, ISO 8601. */
  readonly timestamp: string;
  /** What is said: normally `{ text }`; a bare string is taken too, as the original takes it. */
  readonly body: string | Readonly<Record<string, unknown>>;
  /** Base64 of the Ed25519 signature over the canonical JSON of everything else. */
  readonly signature: string;
}

/** An agent that the owner has approved. More keys than these are kept as they are. */
export interface Peer {
  /** The id that its messages come from. */
  readonly agent_id: string;
  /** Its name for people. */
  readonly display_name?: string | null;
  /** Where it listens; a peer without one can only be sent to by hand. */
  readonly endpoint?: string | null;
  /** Its key as PEM text, byte for byte as it came. */
  readonly public_key: string;
  /** `sha256:` and 64 hex digits, the hash of the PEM text. */
  readonly fingerprint: string;
  /** When the owner approved it. */
  readonly trusted_at?: string;
  /** The request that the owner approved. */
  readonly source_request_id?: string;
  /** When the owner compared the safety number with the peer's owner. */
  readonly verified_at?: string;
}

const timestamp = z.string().max(40);
const signature = z.string().max(200);

const contactRequestShape = z.looseObject({
  type: z.literal("contact_request"),
  request_id: protocolId,
  from: agentCardShape,
  timestamp,
  purpose: z.string().max(2000).default(""),
  signature,
});

const directMessageShape = z.looseObject({
  type: z.literal("direct_message"),
  message_id: protocolId,
  from: protocolId,
  to: protocolId,
  timestamp,
  body: z.union([z.string(), z.record(z.string(), z.unknown())]),
  signature,
});

/** The shape of {@link Peer} records, for the store's codec. */
export const peerShape: { parse(value: unknown): Peer } = z.looseObject({
  agent_id: protocolId,
  display_name: z.string().nullish(),
  endpoint: z.string().nullish(),
  public_key: z.string().max(1024),
  fingerprint: z.string(),
  trusted_at: z.string().optional(),
  source_request_id: z.string().optional(),
  verified_at: z.string().optional(),
}) as unknown as { parse(value: unknown): Peer };

/**
 * Reads a contact request out of a document, without judging its signature.
 *
 * @param document What was received.
 * @returns The request.
 * @throws {MeshError} `malformed` with the first field that is not as it must be.
 */
export function contactRequestOf(document: JsonObject): ContactRequest {
  return shaped(contactRequestShape, document, "contact request") as ContactRequest;
}

/**
 * Reads a direct message out of a document, without judging its signature.
 *
 * @param document What was received.
 * @returns The message.
 * @throws {MeshError} `malformed` with the first field that is not as it must be.
 */
export function directMessageOf(document: JsonObject): DirectMessage {
  return shaped(directMessageShape, document, "direct message") as DirectMessage;
}

/**
 * What a message says, for people.
 *
 * @param body A message's body.
 * @returns Its text, or the whole body as JSON where it has none.
 */
export function textOf(body: DirectMessage["body"]): string {
  if (typeof body === "string") return body;
  return typeof body.text === "string" ? body.text : JSON.stringify(body);
}

function shaped(shape: z.ZodType, document: JsonObject, what: string): unknown {
  const result = shape.safeParse(toPlain(document));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") || "it";
  throw new MeshError("malformed", `Cannot read the ${what}: "${field}": ${issue?.message}`);
}
