/**
 * The records of OGP as they are stored: who asked, whom we asked, whom the owner approved, what was said.
 * A record of or about a peer is named by the peer's whole key; every other name only looks it up.
 *
 * @module
 */
import { z } from "zod";
import { type ScopeGrants, scopeGrantsShape } from "./scopes.ts";

/** The two dialects that gateways speak. Ours speaks both, as `0.7`. */
export type Dialect = "0.2" | "0.7";

/** What a gateway says about itself, with its key. Proves nothing until the key has signed something. */
export interface PeerCard {
  /** The key as SPKI DER, 88 lower-case hex digits: what the peer is. */
  readonly publicKey: string;
  /** How it calls itself. */
  readonly displayName: string;
  /** Where it listens: a base URL without a final slash. */
  readonly gatewayUrl: string;
  /** Its owner's address. */
  readonly email?: string | undefined;
  /** Its owner's name. */
  readonly humanName?: string | undefined;
  /** Its agent's name. */
  readonly agentName?: string | undefined;
  /** Its owner's organization. */
  readonly organization?: string | undefined;
}

/** What is known of a peer, whatever its standing. */
interface Known extends PeerCard {
  /** What we call it: given by the owner, or the first 32 digits of `publicKey`. Only looks it up. */
  readonly id: string;
  /** A shorter name that the owner gave it. */
  readonly alias?: string | undefined;
  /** The owner's labels. */
  readonly tags?: readonly string[] | undefined;
  /** Which dialect it speaks, as far as it has shown. */
  readonly dialect?: Dialect | undefined;
  /** What it calls us, if it is a 0.2 gateway: `host:port`. */
  readonly knowsUsAs?: string | undefined;
  /** Whether that is ours for certain: an address of this machine, or a name under which it took a message. */
  readonly nameIsOurs?: boolean | undefined;
  /** What it calls itself. Proves nothing: whoever writes under it has to sign with the key. */
  readonly claimedId?: string | undefined;
}

/** A gateway that asked us. Anybody can make one of these appear, and nothing else. */
export interface IncomingRequest extends Known {
  /** `approved` and `rejected` are the owner's decisions. */
  readonly status: "pending" | "approved" | "rejected";
  /** Which intents it would offer us. */
  readonly offeredIntents?: readonly string[] | undefined;
  /** Ids of approved peers whose URL it claims while having another key: a reason to be suspicious. */
  readonly claimsUrlOf?: readonly string[] | undefined;
  /** When it came, ISO 8601. */
  readonly receivedAt: string;
  /** The address that it came from. */
  readonly source?: string | undefined;
  /** The body as received, with its signature. */
  readonly body: string;
}

/** A gateway that we asked. */
export interface OutgoingRequest extends Known {
  /** `approved` and `rejected` are its owner's decisions. */
  readonly status: "pending" | "approved" | "rejected";
  /** When we asked, ISO 8601. */
  readonly requestedAt: string;
  /** An unsigned rejection came, which anybody could have sent: when, ISO 8601. */
  readonly rejectionClaimedAt?: string | undefined;
}

/** A gateway that the owner approved, or that approved us when we had asked. */
export interface OgpPeer extends Known {
  /** `removed`: by either side; it may be federated with again. */
  readonly status: "approved" | "removed";
  /** Who asked whom. */
  readonly asked: "us" | "them";
  /** Since when, ISO 8601. */
  readonly approvedAt: string;
  /** What it may do here. `null` for a v0.1 peer without grants: the v0.1 rules. */
  readonly grants: ScopeGrants | null;
  /** What it lets us do, as far as it said. */
  readonly grantedToUs?: ScopeGrants | undefined;
  /** When it was removed, ISO 8601. */
  readonly removedAt?: string | undefined;
  /** By whom. */
  readonly removedBy?: "us" | "them" | undefined;
  /** It said that it removed us, and we have not seen yet that it is so: since when, ISO 8601. */
  readonly removalClaimedAt?: string | undefined;
}

/** How a peer's gateway was when it was last looked at. */
export interface PeerHealth {
  /** When it last answered, ISO 8601. */
  readonly lastSeenAt?: string | undefined;
  /** When it was last looked at or sent to, ISO 8601. */
  readonly lastCheckedAt: string;
  /** Why the last look failed. */
  readonly lastError?: string | undefined;
  /** When the last failures were, ISO 8601, oldest first; empty once it answers. */
  readonly failures: readonly string[];
  /** Until when nothing is sent to it, ISO 8601. */
  readonly openUntil?: string | undefined;
}

const text = z.string().max(2000);
const known = {
  publicKey: z.string().regex(/^[0-9a-f]{88}$/),
  displayName: z.string().max(200),
  gatewayUrl: text,
  email: text.optional(),
  humanName: text.optional(),
  agentName: text.optional(),
  organization: text.optional(),
  id: z.string().max(300),
  alias: z.string().max(200).optional(),
  tags: z.array(z.string().max(200)).optional(),
  dialect: z.enum(["0.2", "0.7"]).optional(),
  knowsUsAs: text.optional(),
  nameIsOurs: z.boolean().optional(),
  claimedId: text.optional(),
};
const time = z.string().max(40);
const decision = z.enum(["pending", "approved", "rejected"]);

/** The shape of {@link IncomingRequest} records. */
export const incomingRequestShape: { parse(value: unknown): IncomingRequest } = z.looseObject({
  ...known,
  status: decision,
  offeredIntents: z.array(z.string()).optional(),
  claimsUrlOf: z.array(z.string()).optional(),
  receivedAt: time,
  source: text.optional(),
  body: z.string(),
}) as unknown as { parse(value: unknown): IncomingRequest };

/** The shape of {@link OutgoingRequest} records. */
export const outgoingRequestShape: { parse(value: unknown): OutgoingRequest } = z.looseObject({
  ...known,
  status: decision,
  requestedAt: time,
  rejectionClaimedAt: time.optional(),
}) as unknown as { parse(value: unknown): OutgoingRequest };

/** The shape of {@link OgpPeer} records. */
export const ogpPeerShape: { parse(value: unknown): OgpPeer } = z.looseObject({
  ...known,
  status: z.enum(["approved", "removed"]),
  asked: z.enum(["us", "them"]),
  approvedAt: time,
  grants: scopeGrantsShape.nullable(),
  grantedToUs: scopeGrantsShape.optional(),
  removedAt: time.optional(),
  removedBy: z.enum(["us", "them"]).optional(),
  removalClaimedAt: time.optional(),
}) as unknown as { parse(value: unknown): OgpPeer };

/** The shape of {@link PeerHealth} records. */
export const peerHealthShape: { parse(value: unknown): PeerHealth } = z.looseObject({
  lastSeenAt: time.optional(),
  lastCheckedAt: time,
  lastError: z.string().optional(),
  failures: z.array(time),
  openUntil: time.optional(),
}) as unknown as { parse(value: unknown): PeerHealth };
