/**
 * What our gateway is to answer to each recorded exchange of the Open Gateway Protocol, and why where the
 * original answered something else. Data only; `ogp_vectors.ts` says what each exchange is.
 *
 * @module
 */
import type { Given, OgpVector } from "./ogp_vectors.ts";

/** What is to come of an exchange. */
export interface OgpExpectation {
  readonly status: number;
  /** Fields that the answer's JSON has among others, objects the same way. Always JSON, even if empty. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Why it is not what the original did; there wherever the status differs. */
  readonly why?: string;
  /** What must be so before it, if that is not what was so when it was recorded. */
  readonly given?: Given;
}

type Table = Readonly<Record<string, OgpExpectation>>;

const OURS = "our limit and the label of a body are ours to choose; the signed text is what counts";
const STATUSES = "0.2 says 400 to everything; we use the statuses of its README and of 0.7";
const TIME_TABLE = "a stale or missing timestamp is 400 on all our surfaces";
const NEVER_ASKED = "an approval counts only from a gateway that we asked";
const UNBOUND = "what is said is not what was signed";
const NOT_HANDED_OUT = "a reply that was called back to us is nobody else's to fetch";

const took: OgpExpectation = {
  status: 200,
  body: { success: true, received: true, response: { received: true } },
};
const request = (status: string): OgpExpectation => ({
  status: 200,
  body: { received: true, status },
});
const received: OgpExpectation = { status: 200, body: { received: true } };
const pendingReply: OgpExpectation = { status: 404, body: { status: "pending" } };

/** An agent-comms message that is taken, with what both dialects read. */
function comms(more: Partial<OgpExpectation> = {}, replyEndpoint?: string): OgpExpectation {
  const response = {
    received: true,
    topic: "general",
    ...(replyEndpoint ? { replyEndpoint } : {}),
  };
  return { status: 200, body: { success: true, ...response, response }, ...more };
}

/** An answer about a project that there is, open to whoever is approved. */
function inProject(response: Record<string, unknown>): OgpExpectation {
  return { status: 200, body: { success: true, ...response, response } };
}

function no(
  statusCode: number,
  error?: string,
  more: Partial<OgpExpectation> = {},
): OgpExpectation {
  const body = { success: false, statusCode, ...(error === undefined ? {} : { error }) };
  return { status: statusCode, body, ...more };
}

function card(key: string, name: string, more: Record<string, unknown> = {}): OgpExpectation {
  const publicKey = `302a300506032b6570032100${key}`;
  return { status: 200, body: { publicKey, displayName: name, ...more } };
}

const ALPHA = "dcf1329a2f6f83452ec98672bdf56852b98ba4576d8f576a23af80843789cdc4";
const BETA = "fc8a1105bf53d9d41a368941d33cf61b3b8f130709bb237e07123c3a04c453b7";
const BERT = "9f70766d34184d08f3b0270064b2b1e7864b9685755e3c43c4c6fc8505d0d4a1";

const joined: OgpExpectation = inProject({ joined: true });
const contributed: OgpExpectation = inProject({ contributed: true });
/** A policy turned it away; the rejection is signed, in words of ours that are always the same. */
const turnedAway: OgpExpectation = no(403, undefined, {
  body: {
    success: false,
    statusCode: 403,
    response: { status: "rejected", reason: "topic-not-permitted" },
  },
});
const asked: Given = { sender: "asked" };

const WHEN_07: Table = {
  "SEC-message-not-bound-to-messagestr": no(400, undefined, { why: UNBOUND }),
  "SEC-reply-not-bound-to-replystr": no(400, undefined, { why: UNBOUND }),
  "SEC-self-approval": no(404, undefined, { why: NEVER_ASKED }),
  "SEC-self-approval-message": no(403, "Peer not approved", { why: NEVER_ASKED }),
  "agent-comms-blocked-topic": turnedAway,
  "agent-comms-no-topic": comms(
    {},
    "/federation/reply/3b275104-4117-4ad6-8299-fa7443617884",
  ),
  "agent-comms-ok": comms({}, "/federation/reply/b5184ca9-42d8-47eb-bbb3-a6c791e27915"),
  // The message is taken; nothing is ever called at another origin than the peer's own.
  "agent-comms-replyto": comms(),
  "agent-comms-topic-missing-restricted": no(403),
  "agent-comms-topic-not-granted": no(403, "Topic 'general' not allowed for intent 'agent-comms'"),
  // In the recordings she had asked; only who was asked by us can approve, and only with its own key.
  "approve-bad-signature": no(401, undefined, { given: asked }),
  "approve-key-mismatch": no(403, undefined, { given: asked }),
  "approve-missing": no(404),
  "approve-reject-unsigned": no(404),
  "approve-unknown": no(404),
  "cli-approve-to-alpha-200": received,
  "cli-approve-to-beta-200": received,
  "cli-heartbeat-to-alpha-200": card(ALPHA, "Alpha", {
    peerStatus: { peerId: "302a300506032b6570032100fc8a1105" },
  }),
  "cli-heartbeat-to-beta-200": card(BETA, "Beta", {
    peerStatus: { peerId: "302a300506032b6570032100dcf1329a" },
  }),
  "cli-message-agent-comms-to-beta-200": comms(
    {},
    "/federation/reply/56307988-b47a-46a7-b0a7-19306a7eae7c",
  ),
  "cli-message-agent-comms-to-beta-403": turnedAway,
  "cli-message-agent-comms-toagent-to-beta-200": comms(
    {},
    "/federation/reply/649330d6-7662-4a35-b1dd-1b5a1bdf29c5",
  ),
  "cli-message-agent-comms-wait-to-alpha-200": comms(),
  "cli-message-agent-comms-wait-to-beta-200": comms(),
  "cli-message-message-to-beta-200": took,
  "cli-message-nosuch-to-beta-403": no(403, "Intent 'nosuch' not in granted scope"),
  "cli-message-project.contribute-to-alpha-200": contributed,
  "cli-message-project.contribute-to-beta-200": contributed,
  "cli-message-project.join-to-beta-200": joined,
  "cli-message-project.query-to-beta-200": inProject({ projectId: "p2", projectName: "ProjTwo" }),
  "cli-message-project.status-to-beta-200": inProject({ project: { id: "p2" } }),
  "cli-message-task-request-to-beta-200": took,
  "cli-reply-get-to-alpha-200": { ...pendingReply, why: NOT_HANDED_OUT },
  "cli-reply-get-to-beta-200": { ...pendingReply, why: NOT_HANDED_OUT },
  "cli-reply-post-to-alpha-200": received,
  "cli-reply-post-to-beta-200": received,
  "cli-request-to-beta-200": request("pending"),
  "cli-update-identity-to-beta-200": { status: 200, body: { updated: true } },
  "cli-well-known-to-alpha-200": card(ALPHA, "Alpha"),
  "cli-well-known-to-beta-200": card(BETA, "Beta"),
  "intent-revoked": no(403, "Intent 'task-request' not in granted scope"),
  "message-bad-signature": no(401, "Invalid signature"),
  "message-json-array": no(400),
  "message-just-under": took,
  "message-keyorder-no-str": no(401, "Invalid signature"),
  "message-malformed-json": no(400),
  "message-missing": no(400),
  "message-no-timestamp": no(400, undefined, {
    why: "without a nonce and a timestamp nobody could tell a replay",
  }),
  "message-ok": took,
  "message-ok-no-messagestr": took,
  "message-ok-unicode": took,
  "message-other-intent-not-limited": took,
  "message-oversize": { ...took, why: OURS },
  "message-rate-limited": no(429, "Rate limit exceeded for intent 'message'"),
  "message-removed-peer": no(403, "Peer not approved"),
  "message-replay-1": took,
  // Answered as the first time, and not stored or handed on again.
  "message-replay-2": took,
  "message-sig-nonstring": no(401, "Invalid signature"),
  "message-sig-nothex": no(401, "Invalid signature"),
  "message-stale": no(400, undefined, { why: TIME_TABLE }),
  "message-status-update": took,
  "message-task-request": took,
  // What a payload must look like is the agent's to judge, and a matter of intents' schemas.
  "message-task-request-invalid": took,
  "message-toagent-ok": took,
  "message-toagent-unknown": no(404),
  "message-unapproved-peer": no(403, "Peer not approved"),
  "message-unknown-intent": no(403, "Intent 'frobnicate' not in granted scope"),
  "message-unknown-peer": no(403, "Unknown peer"),
  "message-wrong-content-type": { ...took, why: OURS },
  "message-wrong-to": no(400, undefined, { why: "it was signed for somebody else" }),
  "not-found": { status: 404, body: { error: "not_found" } },
  "ping": { status: 200, body: { pong: true, displayName: "Beta" } },
  "project-contribute": contributed,
  "project-contribute-legacy-topic": contributed,
  "project-join": joined,
  "project-join-missing": no(400),
  "project-query": inProject({ projectId: "p1" }),
  "project-status": inProject({ project: { id: "p1" } }),
  "project-unknown": no(404, "Project 'nope' not found"),
  "project-unknown-verb": no(403, "Intent 'project.frob' not in granted scope"),
  "removed-bad-signature": no(403),
  "removed-missing": no(400),
  "removed-unknown": no(404),
  "reply-get-again": pendingReply,
  "reply-get-ok": { ...pendingReply, why: NOT_HANDED_OUT },
  "reply-get-unknown": pendingReply,
  "reply-post-bad-signature": no(401),
  "reply-post-ok": received,
  "reply-post-unsigned": no(400),
  "request-bad-signature": no(401),
  "request-duplicate": request("already-pending-or-approved"),
  "request-missing": no(400),
  "request-missing-timestamp": no(400, undefined, { why: TIME_TABLE }),
  "request-not-json": no(400),
  "request-ok": request("pending"),
  "request-stale": no(400, undefined, { why: TIME_TABLE }),
  "request-v02-shape": { ...request("pending"), why: "we speak both dialects" },
  "update-identity-ok": { status: 200, body: { updated: true } },
  "update-identity-unknown": no(404),
  "well-known": card(BETA, "Beta"),
  "well-known-signed-peer-id": card(BETA, "Beta", {
    peerStatus: { peerId: "302a300506032b6570032100dcf1329a" },
  }),
};

const WHEN_02: Table = {
  "SEC-approve-unsigned": no(404, undefined, { why: NEVER_ASKED }),
  "SEC-message-not-bound-to-messagestr": no(400, undefined, { why: UNBOUND }),
  "SEC-request-signature-ignored": no(401, undefined, {
    why: "a request counts only from who has the key that it names",
  }),
  "agent-comms-ok": comms({}, "/federation/reply/45cf89a4-4157-45cd-bc90-daf7f07e2f94"),
  // Its `to` is nobody's name; the policy would be next.
  "agent-comms-policy-off": no(400),
  "agent-comms-replyto": comms(),
  // Unsigned: taken only because we asked it, and its card at that URL shows the same key.
  "cli-approve-to-anna-200": received,
  // Unsigned: what was approved already stays as it is.
  "cli-approve-to-bert-200": received,
  "cli-message-agent-comms-to-bert-200": comms(
    {},
    "/federation/reply/144a318c-b96d-4b5b-9157-5f42fd242a5f",
  ),
  "cli-message-agent-comms-wait-to-bert-200": comms(),
  "cli-message-message-to-bert-200": took,
  "cli-message-nosuch-to-bert-400": no(403, "Intent 'nosuch' not in granted scope", {
    why: STATUSES,
  }),
  "cli-reply-get-to-anna-404": pendingReply,
  "cli-request-to-bert-200": request("pending"),
  "cli-well-known-to-bert-200": card(BERT, "Bert"),
  "message-bad-signature": no(401, "Invalid signature", { why: STATUSES }),
  "message-intent-not-granted": no(403, "Intent 'task-request' not in granted scope", {
    why: STATUSES,
  }),
  "message-malformed-json": no(400),
  "message-missing": no(400),
  "message-ok": took,
  "message-ok-unicode": took,
  "message-rate-limited": no(429, "Rate limit exceeded for intent 'message'", { why: STATUSES }),
  "message-replay-1": took,
  "message-replay-2": took,
  "message-stale": no(400, undefined, { why: TIME_TABLE }),
  "message-unknown-peer": no(403, "Unknown peer", { why: STATUSES }),
  "ping": { status: 200, body: { pong: true, displayName: "Bert" } },
  "project-contribute": contributed,
  "project-join": joined,
  "project-query": inProject({ projectId: "p1" }),
  "project-status": inProject({ project: { id: "p1" } }),
  "removed": no(400, undefined, { why: "0.2 has no such call, we have" }),
  "reply-get": { ...pendingReply, why: NOT_HANDED_OUT },
  "reply-get-unknown": pendingReply,
  "reply-post": no(400, undefined, { why: "anybody can say what nobody signed" }),
  "request-missing": no(400),
  "request-ok": request("pending"),
  "well-known": card(BERT, "Bert"),
};

/** What is to come of each exchange, by dialect and name. */
export const OGP_EXPECTATIONS: Readonly<Record<OgpVector["dialect"], Table>> = {
  "0.2": WHEN_02,
  "0.7": WHEN_07,
};
