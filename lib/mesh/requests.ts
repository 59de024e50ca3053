/**
 * Asking another node for contact, and remembering whom we asked.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { parsePeerUrl, postJson } from "../net/post.ts";
import { JsonObject } from "../signing/json.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { printJson } from "../signing/json_print.ts";
import type { AgentCard } from "./card.ts";
import { createContactRequest } from "./contacts.ts";
import type { MeshNode } from "./node.ts";
import { judgeAnswer } from "./outgoing.ts";

/** The key beside a stored request's own that says whom it went to; ours, and not signed. */
const SENT = "sent";

/** Whom a request went to, and what was answered. */
export interface SentTo {
  /** The base URL that it was sent to. */
  readonly url: string;
  /** When, ISO 8601. */
  readonly at: string;
  /** Who was there, as its card said. */
  readonly agent_id?: string;
  readonly fingerprint?: string;
}

/** A request that was sent. */
export interface SentRequest {
  /** The request as signed. */
  readonly document: JsonObject;
  /** The other side's answer, as it came. */
  readonly answer: unknown;
}

/**
 * Stores a contact request and, if a URL is given, sends it there.
 *
 * @param node This node.
 * @param purpose Why.
 * @returns The request as signed.
 */
export async function storeContactRequest(node: MeshNode, purpose?: string): Promise<JsonObject> {
  const document = createContactRequest(node, purpose);
  await node.state.requestsOut.create(requestId(document), document);
  return document;
}

/**
 * Sends a contact request to a node.
 *
 * @param node This node.
 * @param url The node's base URL.
 * @param options Purpose, and the card found at the URL, to remember whom we asked.
 * @returns The request and the answer.
 * @throws {MeshError} `refused` if the other side does not take it, `unavailable` or `timeout` if nobody
 * answers. The request stays on record.
 */
export async function sendContactRequest(
  node: MeshNode,
  url: string,
  { purpose, card }: { purpose?: string; card?: AgentCard } = {},
): Promise<SentRequest> {
  const base = url.replace(/\/+$/, "");
  const target = parsePeerUrl(`${base}/agent-mesh/contact-request`);
  const document = await storeContactRequest(node, purpose);
  const outcome = judgeAnswer(await postJson(target, printJson(document)));
  if (outcome.kind !== "accepted") {
    throw new MeshError("refused", `${base} did not take the contact request: ${outcome.reason}`);
  }
  const sent: SentTo = {
    url: base,
    at: node.now().toISOString(),
    ...(card ? { agent_id: card.agent_id, fingerprint: card.fingerprint } : {}),
  };
  const record = new JsonObject(document);
  record.set(SENT, fromPlain(sent));
  await node.state.requestsOut.put(requestId(document), record);
  return { document, answer: outcome.answer };
}

/**
 * Whom we asked for contact.
 *
 * @param node This node.
 * @returns The fingerprints of the cards that were found where requests were sent.
 */
export async function requestedFingerprints(node: Pick<MeshNode, "state">): Promise<Set<string>> {
  const { entries } = await node.state.requestsOut.list();
  const found = new Set<string>();
  for (const { value } of entries) {
    const sent = value.get(SENT);
    const fingerprint = sent instanceof JsonObject
      ? (toPlain(sent) as SentTo).fingerprint
      : undefined;
    if (fingerprint) found.add(fingerprint);
  }
  return found;
}

/**
 * The id of a contact request.
 *
 * @param document The request.
 * @returns Its `request_id`.
 */
export function requestId(document: JsonObject): string {
  return String(document.get("request_id"));
}
