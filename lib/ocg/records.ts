/**
 * The records of OCG as they are stored: what people wrote with what became of it, what waits for its turn,
 * who was let in, and where answers by callback go.
 *
 * @module
 */
import { z } from "zod";
import type { ChatAddress, ChatMessage } from "./channel.ts";

/** A message of ours in a chat. */
export interface SentPart {
  /** The platform's id. */
  readonly id: string;
  /** Whether it shows what it is to show in the end. */
  readonly final: boolean;
}

/**
 * How far a message has come. `waiting`: its turn has not come, or was not finished. `asked`: an answer will
 * come by callback. `answering`: the answer is known, and not all of it is in the chat. `answered`, `failed`,
 * `over_budget`: nothing more happens.
 */
export type MessageState =
  | "waiting"
  | "asked"
  | "answering"
  | "answered"
  | "failed"
  | "over_budget";

/** A message of a person. */
export interface MessageRecord extends Omit<ChatMessage, "sentAt" | "addressed"> {
  /** When it was written, ISO 8601. */
  readonly sentAt: string;
  /** When it was taken, ISO 8601. */
  readonly receivedAt: string;
  /** How far it has come. */
  readonly state: MessageState;
  /** What the chat is told: the agent's answer, or a sentence on why there is none. */
  readonly answer?: string | undefined;
  /** Whether `answer` is such a sentence: then it is no part of the conversation. */
  readonly isError?: boolean | undefined;
  /** Where a picture or file is that the answer shows before its text. */
  readonly mediaUrl?: string | undefined;
  /** Whether that is in the chat. */
  readonly mediaSent?: boolean | undefined;
  /** The answer's messages, in order. */
  readonly sent?: readonly SentPart[] | undefined;
  /** When all of it was in the chat, ISO 8601. */
  readonly answeredAt?: string | undefined;
}

/** That a message waits for its turn. */
export interface WaitingRecord extends ChatAddress {
  /** The message's id. */
  readonly id: string;
  /** When it was taken, ISO 8601. */
  readonly receivedAt: string;
  /** Tells apart what was taken in one millisecond. */
  readonly sequence: number;
}

/** Somebody who asked to be let in, or was. */
export interface PairingRecord extends ChatAddress {
  /** Who. */
  readonly sender: { readonly id: string; readonly name: string };
  /** `pending` until the owner decides. */
  readonly status: "pending" | "approved";
  /** What the person was told, to be told to the owner. */
  readonly code: string;
  /** When the code was made, ISO 8601. */
  readonly askedAt: string;
  /** When the person was last told, ISO 8601. */
  readonly toldAt: string;
  /** When the owner approved, ISO 8601. */
  readonly approvedAt?: string | undefined;
}

/** Where an answer by callback goes; named by the SHA-256 of its token. */
export interface CallbackRecord extends ChatAddress {
  /** The message that it answers. */
  readonly message: string;
  /** Until when it is taken, ISO 8601. */
  readonly expiresAt: string;
}

const text = z.string();
const address = { channel: text, account: text, chat: text };
const sender = z.looseObject({ id: text, name: text });

/** The shape of {@linkcode MessageRecord}. */
export const messageShape: { parse(value: unknown): MessageRecord } = z.looseObject({
  ...address,
  id: text,
  kind: z.enum(["direct", "group", "thread"]),
  sender,
  text,
  sentAt: text,
  receivedAt: text,
  state: z.enum(["waiting", "asked", "answering", "answered", "failed", "over_budget"]),
  answer: text.optional(),
  isError: z.boolean().optional(),
  mediaUrl: text.optional(),
  mediaSent: z.boolean().optional(),
  sent: z.array(z.looseObject({ id: text, final: z.boolean() })).optional(),
  answeredAt: text.optional(),
}) as unknown as { parse(value: unknown): MessageRecord };

/** The shape of {@linkcode WaitingRecord}. */
export const waitingShape: { parse(value: unknown): WaitingRecord } = z.looseObject({
  ...address,
  id: text,
  receivedAt: text,
  sequence: z.number(),
}) as unknown as { parse(value: unknown): WaitingRecord };

/** The shape of {@linkcode PairingRecord}. */
export const pairingShape: { parse(value: unknown): PairingRecord } = z.looseObject({
  ...address,
  sender,
  status: z.enum(["pending", "approved"]),
  code: text,
  askedAt: text,
  toldAt: text,
  approvedAt: text.optional(),
}) as unknown as { parse(value: unknown): PairingRecord };

/** The shape of {@linkcode CallbackRecord}. */
export const callbackShape: { parse(value: unknown): CallbackRecord } = z.looseObject({
  ...address,
  message: text,
  expiresAt: text,
}) as unknown as { parse(value: unknown): CallbackRecord };
