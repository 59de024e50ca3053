/**
 * Messages from peers: their form on the wire and on disk, and reading them back.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { toPlain } from "../signing/json_plain.ts";
import { compositeId, splitCompositeId } from "../store/composite_id.ts";
import type { Entry } from "../store/store.ts";
import { type HandoverMark, handoverMarkOf } from "./handover/mark.ts";
import { type OgpState, peerName } from "./state.ts";

/** The fields of a message that steer it. Unknown ones are kept in the document. */
export interface WireMessage {
  /** What is asked. */
  readonly intent: string;
  /** What the sender calls itself, or what it thinks that we call it. */
  readonly from: string;
  /** What the sender calls us. */
  readonly to: string;
  /** The message's id, unique per sender. */
  readonly nonce: string;
  /** When it was signed, ISO 8601. */
  readonly timestamp: string;
  /** What is said. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Where the answer shall be posted. */
  readonly replyTo?: string | undefined;
  /** The conversation that it belongs to. */
  readonly conversationId?: string | undefined;
  /** The project that it belongs to. */
  readonly projectId?: string | undefined;
  /** Which of our agents it is for. */
  readonly toAgent?: string | undefined;
}

/** A message that was received. */
export interface IncomingMessage extends WireMessage {
  /** Its record's name. */
  readonly name: string;
  /** The key that signed it, as DER. */
  readonly publicKey: string;
  /** The topic of an `agent-comms` message. */
  readonly topic?: string | undefined;
  /** When it was stored. */
  readonly receivedAt: Date;
  /** What was answered. */
  readonly answer: Readonly<Record<string, unknown>>;
  /** How far it got towards the owner's agent, if it is handed on. */
  readonly handover?: HandoverMark | undefined;
}

/** Which messages are wanted. */
export interface OgpInboxFilter {
  /** Only of this key. */
  readonly from?: string | undefined;
  /** Only what was stored since. */
  readonly since?: Date | undefined;
  /** Only the newest so many. */
  readonly limit?: number | undefined;
}

const word = z.string().min(1).max(200);
const optional = z.string().max(2000).nullish().transform((text) => text ?? undefined);

const wireShape = z.looseObject({
  intent: word,
  from: z.string().min(1).max(300),
  to: z.string().min(1).max(300),
  nonce: z.string().min(1).max(100),
  timestamp: z.string().max(40),
  payload: z.record(z.string(), z.unknown()).default({}),
  replyTo: optional,
  conversationId: optional,
  projectId: optional,
  toAgent: optional,
});

const recordShape = z.looseObject({
  publicKey: z.string(),
  receivedAt: z.iso.datetime(),
  answer: z.record(z.string(), z.unknown()),
});

const PAGE = 200;

/** Most characters of a topic. */
const LONGEST_TOPIC = 200;

/**
 * Reads the steering fields of a message.
 *
 * @param document The message as signed.
 * @returns The fields.
 * @throws {MeshError} `malformed` with the first field that is not as it must be.
 */
export function wireMessageOf(document: JsonObject): WireMessage {
  const parsed = wireShape.safeParse(toPlain(document));
  if (parsed.success) {
    assertTopic(parsed.data);
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "it";
  throw new MeshError("malformed", `Cannot read the message: "${field}": ${issue?.message}`);
}

/** A topic that is something else than a word would get around what is said about topics. */
function assertTopic({ intent, payload: { topic } }: WireMessage): void {
  if (intent !== "agent-comms" || topic === undefined) return;
  if (typeof topic === "string" && topic.length <= LONGEST_TOPIC) return;
  throw new MeshError(
    "malformed",
    `Cannot read the message: "payload.topic" is no text of at most ${LONGEST_TOPIC} characters`,
  );
}

/**
 * The topic of a message.
 *
 * @param message The message.
 * @returns The topic of an `agent-comms` message, `general` if it names none; nothing for other intents.
 */
export function topicOf(message: WireMessage): string | undefined {
  return message.intent === "agent-comms" ? namedTopic(message) || "general" : undefined;
}

/**
 * The topic that a message names itself: where topics are restricted, one has to be named.
 *
 * @param message The message.
 * @returns The topic of an `agent-comms` message that has one.
 */
export function namedTopic({ intent, payload }: WireMessage): string | undefined {
  const { topic } = payload;
  return intent === "agent-comms" && typeof topic === "string" ? topic : undefined;
}

/**
 * The name of a message's record: its nonce and its sender's key, so that no peer can meet another's.
 *
 * @param nonce The nonce.
 * @param publicKey The sender's key as DER.
 * @returns `<nonce>@<first 16 hex digits of the raw key>`.
 */
export function incomingName(nonce: string, publicKey: string): string {
  return compositeId(nonce, peerName(publicKey).slice(0, 16));
}

/**
 * A record as a message.
 *
 * @param entry The record.
 * @returns The message, or `undefined` if it is none.
 */
export function incomingMessageOf(
  { id, value }: Pick<Entry<JsonObject>, "id" | "value">,
): IncomingMessage | undefined {
  try {
    const document = signedDocument(value);
    const { publicKey, receivedAt, answer } = recordShape.parse(toPlain(value));
    const message = wireMessageOf(document);
    return {
      ...message,
      name: id,
      publicKey,
      topic: topicOf(message),
      receivedAt: new Date(receivedAt),
      answer,
      handover: handoverMarkOf(value),
    };
  } catch {
    return undefined;
  }
}

/**
 * The message of a record, as signed.
 *
 * @param record The record.
 * @returns The document.
 * @throws {MeshError} `damaged` if the record has none.
 */
function signedDocument(record: JsonObject): JsonObject {
  const message = record.get("message");
  if (message instanceof JsonObject) return message;
  const text = record.get("messageStr");
  const document = typeof text === "string" ? parseJson(text) : undefined;
  if (document instanceof JsonObject) return document;
  throw new MeshError("damaged", "The record holds no message");
}

/**
 * Messages that were received, oldest first.
 *
 * @param state The state.
 * @param filter Which ones.
 * @returns The messages; records that are no messages are left out.
 */
export async function readOgpInbox(
  state: Pick<OgpState, "messagesIn">,
  { from, since, limit = Infinity }: OgpInboxFilter = {},
): Promise<IncomingMessage[]> {
  const found: { readonly message: IncomingMessage; readonly time: number }[] = [];
  const newerThan = (time: number) => found.filter((one) => one.time >= time).length;
  const size = limit === Infinity && !since ? undefined : from ? PAGE : Math.min(PAGE, limit + 20);
  let cursor: string | undefined;
  do {
    const page = await state.messagesIn.list({
      order: "newest",
      ...(size === undefined ? {} : { limit: size }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const oldest = page.entries.at(-1)?.modifiedAt.getTime() ?? 0;
    for (const entry of page.entries) {
      const message = incomingMessageOf(entry);
      if (!message || (from !== undefined && message.publicKey !== from)) continue;
      const time = cameAt(message, entry.modifiedAt);
      if (!since || time >= since.getTime()) found.push({ message, time });
    }
    // No record that comes now is newer than its file.
    if ((since && oldest < since.getTime()) || newerThan(oldest) >= limit) break;
    cursor = page.cursor;
  } while (cursor !== undefined);
  const sorted = found.sort((a, b) => a.time - b.time).map(({ message }) => message);
  return limit === Infinity ? sorted : sorted.slice(Math.max(0, sorted.length - limit));
}

/** The record of a message that is handed on is written again later, which does not make it new. */
function cameAt({ handover, receivedAt }: IncomingMessage, modifiedAt: Date): number {
  return (handover ? receivedAt : modifiedAt).getTime();
}

/**
 * Finds a received message.
 *
 * @param state The state.
 * @param selector Its nonce, the name of its record, or the beginning of a nonce.
 * @returns The message.
 * @throws {MeshError} `not_found`, or `ambiguous` with the candidates.
 */
export async function findIncoming(
  state: Pick<OgpState, "messagesIn">,
  selector: string,
): Promise<IncomingMessage> {
  const ids = selector === "" ? [] : await state.messagesIn.ids();
  const nonce = (id: string) => splitCompositeId(id)[0] ?? id;
  const rules: ((id: string) => boolean)[] = [
    (id) => id === selector || nonce(id) === selector,
    (id) => nonce(id).startsWith(selector),
  ];
  for (const rule of rules) {
    const matches = ids.filter(rule);
    const [only] = matches;
    if (only !== undefined && matches.length === 1) {
      const value = await state.messagesIn.get(only);
      const message = value && incomingMessageOf({ id: only, value });
      if (message) return message;
    }
    if (matches.length > 1) {
      const list = matches.slice(0, 5).join(", ");
      throw new MeshError("ambiguous", `"${selector}" matches several messages: ${list}`, {
        hint: "mesh ogp federation messages",
      });
    }
  }
  throw new MeshError("not_found", `No received message matches "${selector}"`, {
    hint: "mesh ogp federation messages",
  });
}
