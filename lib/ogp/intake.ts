/**
 * A message's way in: known peer, approved, signed, for us, fresh, not seen before, within its scopes, rate
 * and budget, of an intent that we have; then it is stored, queued for the owner's agent, and only then does
 * this return.
 *
 * @module
 */
import type { Outbox } from "../delivery/outbox.ts";
import { httpStatusOf, MeshError } from "../error.ts";
import { publicKeyFromDerHex } from "../identity/keys.ts";
import { measured, type OnStep } from "../metrics/step.ts";
import { assertFresh } from "../signing/freshness.ts";
import { JsonObject } from "../signing/json.ts";
import { fromPlain } from "../signing/json_plain.ts";
import { printJson } from "../signing/json_print.ts";
import { readDocument } from "../signing/read_document.ts";
import { ownKey } from "./card.ts";
import {
  type IncomingMessage,
  incomingMessageOf,
  incomingName,
  namedTopic,
  topicOf,
  type WireMessage,
  wireMessageOf,
} from "./incoming.ts";
import { type HandoverMark, withMark } from "./handover/mark.ts";
import { noteActivity } from "./handover/note.ts";
import { beginHandover, planHandover } from "./handover/plan.ts";
import { acceptIntent } from "./intents/registry.ts";
import { hostPort } from "./names.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer } from "./records.ts";
import { type SignedText, signedTextOf, verifyText } from "./signed_text.ts";
import { isProjectIntent } from "./projects/project_intents.ts";
import { respondToProject } from "./projects/responder.ts";
import { peerName } from "./state.ts";

/** Where a message came from, beside what it says itself. */
export interface ReceiveOptions {
  /** The address that it came from. */
  readonly source?: string;
  /** Where it is queued for the owner's agent; without it the next daemon sees to that. */
  readonly outbox?: Outbox;
  /** Told how long its steps took. */
  readonly onStep?: OnStep | undefined;
}

/** What became of a message. */
export interface ReceivedOgpMessage {
  /** `known`: it was stored before, and is answered as it was then. */
  readonly state: "new" | "known";
  /** The message. */
  readonly message: IncomingMessage;
  /** Who sent it. */
  readonly peer: OgpPeer;
  /** What the sender is told. */
  readonly answer: Readonly<Record<string, unknown>>;
}

const KEYS = { object: "message", text: "messageStr" };

/**
 * Takes a message in.
 *
 * @param node This gateway.
 * @param bytes The body as received.
 * @param options Origin.
 * @returns What became of it.
 * @throws {MeshError} for everything that is refused, written to the audit log.
 */
export async function receiveOgpMessage(
  node: OgpNode,
  bytes: Uint8Array,
  options: ReceiveOptions = {},
): Promise<ReceivedOgpMessage> {
  const signed = signedTextOf(readDocument(bytes), KEYS);
  if (!signed) throw new MeshError("malformed", "Missing message or signature");
  const message = wireMessageOf(signed.document);
  try {
    const peer = await senderOf(node, signed, message, options);
    assertForUs(node, message, peer);
    const received = await keep(node, signed, message, peer, bytes.length, options);
    const { handover } = received.message;
    if (received.state === "new") {
      const outcome = handover?.state === "asking" ? "waiting" : "accepted";
      await noteActivity(node, { ...received.message, level: handover?.level }, peer, outcome);
    }
    // Also for a repetition: a crash may have come between the two.
    if (handover && options.outbox) {
      await beginHandover(node, options.outbox, received.message, handover);
    }
    return received;
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      await node.state.audit.refusal({
        event: "ogp.message.refused",
        code: error.code,
        from: message.from,
        nonce: message.nonce,
        intent: message.intent,
        source: options.source,
      });
    }
    throw error;
  }
}

/** The approved peer whose key signed it. What it calls itself only says which keys are tried. */
async function senderOf(
  node: OgpNode,
  { text, signature }: SignedText,
  { from }: WireMessage,
  { onStep }: ReceiveOptions,
): Promise<OgpPeer> {
  const candidates = await node.index.candidates(from);
  const approved = candidates.filter(({ status }) => status === "approved");
  if (approved.length === 0) {
    const known = candidates.length > 0 || await hasAsked(node, from);
    throw new MeshError("not_trusted", known ? "Peer not approved" : "Unknown peer");
  }
  for (const peer of approved) {
    const key = publicKeyFromDerHex(peer.publicKey);
    if (measured(onStep, "verify", () => verifyText(key, text, signature))) return peer;
  }
  throw new MeshError("bad_signature", "Invalid signature");
}

/** Whether a gateway whose key begins like this waits for the owner. */
async function hasAsked({ state }: OgpNode, from: string): Promise<boolean> {
  const begin = from.toLowerCase();
  if (!/^302a300506032b6570032100[0-9a-f]{8,64}$/.test(begin)) return false;
  return (await state.requestsIn.ids()).some((name) => name.startsWith(begin.slice(24)));
}

/** The signature's only audience is `to`: what was signed for another gateway is not taken here. */
function assertForUs(node: OgpNode, { to, toAgent }: WireMessage, peer: OgpPeer): void {
  const wanted = to.toLowerCase();
  const key = ownKey(node);
  const { gatewayUrl, agentName } = node.config;
  const names = [peer.nameIsOurs ? peer.knowsUsAs : undefined, gatewayUrl && hostPort(gatewayUrl)];
  const byKey = wanted.length >= 32 && key.startsWith(wanted);
  if (!byKey && !names.some((name) => name?.toLowerCase() === wanted)) {
    throw new MeshError("wrong_recipient", `The message is for "${to}", which is not this gateway`);
  }
  if (toAgent === undefined || toAgent === "main" || toAgent === agentName) return;
  throw new MeshError(
    "not_found",
    `Unknown agent: '${toAgent}' is not a configured persona on this gateway`,
  );
}

/**
 * Stores a message under its nonce and its sender's key: creating the record is what notices a repetition,
 * across all processes and restarts. A repetition costs the sender nothing of its rate.
 */
async function keep(
  node: OgpNode,
  signed: SignedText,
  message: WireMessage,
  peer: OgpPeer,
  size: number,
  { onStep }: ReceiveOptions,
): Promise<ReceivedOgpMessage> {
  const name = incomingName(message.nonce, peer.publicKey);
  const stored = async () => await repetition(node, name, signed, peer);
  const known = await node.state.messagesIn.has(name) ? await stored() : undefined;
  if (known) return known;
  const now = node.now();
  assertFresh(message.timestamp, now);
  const handover = await admit(node, { ...message, name }, peer, size, now);
  const answer = answerTo(message, await responseTo(node, message, peer, name, now));
  const stamped = recordOf(signed, message, peer, answer, now);
  const record = handover ? withMark(stamped, handover) : stamped;
  // A record that turns out to be spoilt is set aside when it is read, and its name is free again.
  for (let attempt = 1; attempt <= 2; attempt++) {
    const create = () => node.state.messagesIn.create(name, record);
    if (await measured(onStep, "store", create)) {
      const received = {
        ...message,
        name,
        publicKey: peer.publicKey,
        topic: topicOf(message),
        receivedAt: now,
        answer,
        handover,
      };
      return { state: "new", message: received, peer, answer };
    }
    const known = await stored();
    if (known) return known;
  }
  throw new MeshError("id_reused", `"${message.nonce}" cannot be stored: its record is unreadable`);
}

async function admit(
  node: OgpNode,
  message: WireMessage & { readonly name: string },
  peer: OgpPeer,
  bytes: number,
  now: Date,
): Promise<HandoverMark | undefined> {
  const { intent, conversationId } = message;
  const peerKey = peerName(peer.publicKey);
  const { grants } = peer;
  await node.doorman.admit({ peerKey, grants, intent, topic: namedTopic(message), now });
  await acceptIntent(node.state, intent, message.payload);
  const handover = await planHandover(node, message, peer);
  await node.loopGuard.spend({ direction: "in", peerKey, conversationId, bytes, now });
  return handover;
}

/** The message that has this name already; another message of this name is a reason to refuse. */
async function repetition(
  node: OgpNode,
  name: string,
  { text }: SignedText,
  peer: OgpPeer,
): Promise<ReceivedOgpMessage | undefined> {
  const record = await node.state.messagesIn.get(name);
  const message = record && incomingMessageOf({ id: name, value: record });
  if (!record || !message || message.publicKey !== peer.publicKey) return undefined;
  if (contentOf(signedTextIn(record)) !== contentOf(text)) {
    throw new MeshError("id_reused", `"${message.nonce}" was used for another message before`);
  }
  return { state: "known", message, peer, answer: message.answer };
}

/** A sender that tries again signs a new timestamp; everything else stays. */
function contentOf(text: string): string {
  const document = readDocument(new TextEncoder().encode(text));
  document.delete("timestamp");
  return printJson(document);
}

function signedTextIn(record: JsonObject): string {
  const text = record.get("messageStr");
  return typeof text === "string" ? text : printJson(record.get("message") ?? null);
}

function recordOf(
  { document, text, signature }: SignedText,
  { nonce }: WireMessage,
  peer: OgpPeer,
  answer: Readonly<Record<string, unknown>>,
  now: Date,
): JsonObject {
  const record = fromPlain({
    nonce,
    publicKey: peer.publicKey,
    displayName: peer.displayName,
    receivedAt: now.toISOString(),
  }) as JsonObject;
  record.set("message", document);
  // Kept only where the object does not spell the same text: it is what the signature is over.
  if (printJson(document) !== text) record.set("messageStr", text);
  record.set("signature", fromPlain(signature));
  record.set("answer", fromPlain(answer));
  return record;
}

/** What the sender learns beside that it is here; of a project, what it asked. */
async function responseTo(
  node: OgpNode,
  message: WireMessage,
  peer: OgpPeer,
  name: string,
  now: Date,
): Promise<Readonly<Record<string, unknown>>> {
  if (isProjectIntent(message.intent)) {
    return await respondToProject(node, { message, peer, name, now });
  }
  const topic = topicOf(message);
  const polled = message.intent === "agent-comms" && message.replyTo === undefined;
  return {
    received: true,
    ...(topic === undefined ? {} : { topic }),
    timestamp: now.toISOString(),
    ...(polled ? { replyEndpoint: `/federation/reply/${encodeURIComponent(message.nonce)}` } : {}),
  };
}

/** The 0.7 shape, and at the top what a 0.2 client reads. */
function answerTo(
  { nonce }: WireMessage,
  response: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { success: true, nonce, response, ...response };
}
