/**
 * A received message as the owner's agent gets it: framed, with the policy level, and with the fields that
 * programs want.
 *
 * @module
 */
import { fingerprintOf, shortFingerprint } from "../../identity/fingerprint.ts";
import { publicKeyFromDerHex } from "../../identity/keys.ts";
import { frameOf, strangerFrame } from "../../notify/frame.ts";
import type { Handover } from "../../notify/handover.ts";
import type { IncomingMessage } from "../incoming.ts";
import { keyId } from "../names.ts";
import type { OgpPeer } from "../records.ts";

/** What else a handover is made of. */
export interface HandoverFacts {
  /** Whose message it is. */
  readonly peer: Pick<OgpPeer, "publicKey" | "id" | "alias" | "displayName">;
  /** The policy level. */
  readonly level?: string | undefined;
  /** Whether what the agent answers is sent to the peer. */
  readonly answered: boolean;
}

type Payload = Readonly<Record<string, unknown>>;

/** The intent under which routes see a stranger's request. */
export const STRANGER_INTENT = "federation.request";

/**
 * Makes the handover of a message. For the same message and facts it is always the same.
 *
 * @param message The message.
 * @param facts What else is known.
 * @returns The handover; its id is the name of the message's record.
 */
export async function handoverOf(
  message: IncomingMessage,
  { peer, level, answered }: HandoverFacts,
): Promise<Handover> {
  const { name, intent, topic, payload, conversationId, timestamp, nonce } = message;
  const { publicKey, displayName } = peer;
  const text = textOf(intent, payload);
  const priority = priorityOf(payload);
  const fingerprint = await fingerprintOfKey(publicKey);
  return {
    id: name,
    protocol: "ogp",
    peer: { publicKey, id: peer.alias ?? peer.id, displayName },
    ...{ intent, topic, priority, level, conversationId, payload, text, timestamp, nonce },
    expectsReply: expectsReply(message),
    frame: frameOf({
      protocol: "ogp",
      ...{ intent, displayName, fingerprint, topic, priority, level, text, payload },
      answered: answered && expectsReply(message),
    }),
  };
}

/**
 * Makes the handover of a stranger's request: its key, what the owner types to approve it, and nothing that
 * the stranger chose.
 *
 * @param id Names it for ever.
 * @param publicKey The stranger's key.
 * @param receivedAt When it came, ISO 8601.
 * @returns The handover.
 */
export async function strangerHandover(
  id: string,
  publicKey: string,
  receivedAt: string,
): Promise<Handover> {
  const fingerprint = await fingerprintOfKey(publicKey);
  // The whole key: no stranger can make one of which this is the beginning.
  const command = `mesh ogp federation approve ${publicKey}`;
  const frame = strangerFrame(fingerprint, command);
  return {
    id,
    frame,
    protocol: "ogp",
    peer: { publicKey, id: keyId(publicKey), displayName: "A stranger" },
    intent: STRANGER_INTENT,
    payload: { fingerprint, command },
    text: frame,
    timestamp: receivedAt,
    nonce: id,
    expectsReply: false,
  };
}

/**
 * Whether a message's sender waits for an answer.
 *
 * @param message The message.
 * @returns Whether it named a place for it, or will ask for it.
 */
export function expectsReply({ intent, replyTo }: IncomingMessage): boolean {
  return replyTo !== undefined || intent === "agent-comms";
}

async function fingerprintOfKey(publicKey: string): Promise<string> {
  return shortFingerprint(await fingerprintOf(publicKeyFromDerHex(publicKey).pem));
}

function priorityOf({ priority }: Payload): string | undefined {
  return typeof priority === "string" && ["low", "normal", "high"].includes(priority)
    ? priority
    : undefined;
}

/** The words of the intents that have some; of any other, the payload as it is says it all. */
function textOf(intent: string, payload: Payload): string | undefined {
  switch (intent) {
    case "message":
      return stringIn(payload, "text");
    case "agent-comms":
      return stringIn(payload, "message");
    case "task-request":
      return withDetails(
        joined(stringIn(payload, "taskType"), stringIn(payload, "description")),
        payload.parameters,
      );
    case "status-update":
      return joined(stringIn(payload, "status"), stringIn(payload, "message"));
    default:
      return undefined;
  }
}

function stringIn(payload: Payload, key: string): string | undefined {
  const value = payload[key];
  return typeof value === "string" ? value : undefined;
}

function joined(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return `${first}: ${second}`;
}

function withDetails(text: string | undefined, details: unknown): string | undefined {
  if (text === undefined || details === undefined || details === null) return text;
  return `${text}\n${JSON.stringify(details, null, 2)}`;
}
