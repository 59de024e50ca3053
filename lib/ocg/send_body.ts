/**
 * What a program posts to `/ocg/send` to say something in a chat without having been asked.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import { objectIn } from "./callback_body.ts";
import type { ChatAddress, Outgoing } from "./channel.ts";
import { chatOfTarget } from "./target.ts";

/** What to say where. */
export interface SendOrder {
  /** Where. */
  readonly address: ChatAddress;
  /** What. */
  readonly message: Outgoing;
}

const word = z.string().min(1).max(512);

const shape = z.looseObject({
  channel: z.string().min(1).max(64),
  target: word,
  text: z.string().max(1_000_000).optional(),
  mediaUrl: z.string().max(4096).refine((url) => /^https?:\/\//.test(url) && URL.canParse(url))
    .optional(),
  account: z.string().min(1).max(64).default("default"),
  replyTo: word.optional(),
});

/**
 * Reads the body.
 *
 * @param bytes As received.
 * @returns What to say where.
 * @throws {MeshError} `invalid_json`, or `malformed` with the key that is wrong.
 */
export function parseSend(bytes: Uint8Array): SendOrder {
  return readSend(objectIn(bytes));
}

/**
 * Reads the same out of a value.
 *
 * @param value `{channel, target, text?, mediaUrl?, account?, replyTo?}`.
 * @returns What to say where.
 * @throws {MeshError} `malformed` with the key that is wrong.
 */
export function readSend(value: unknown): SendOrder {
  const parsed = shape.safeParse(value);
  if (!parsed.success) {
    const key = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new MeshError("malformed", `"${key}" is missing or not as it should be`);
  }
  const { channel, target, account, mediaUrl, replyTo } = parsed.data;
  const text = parsed.data.text?.toWellFormed().trim() || undefined;
  if (text === undefined && mediaUrl === undefined) {
    throw new MeshError("malformed", '"text" or "mediaUrl" is needed');
  }
  return {
    address: { channel, account, chat: chatOfTarget(channel, target) },
    message: { text, mediaUrl, replyTo } as Outgoing,
  };
}
