/**
 * The address of a chat as one word: what `X-OCG-Target` tells the agent, and what `POST /ocg/send` takes.
 *
 * @module
 */

/**
 * Writes an address.
 *
 * @param chat Where.
 * @param chat.channel The channel's id.
 * @param chat.kind What kind of chat it is.
 * @param chat.chat The platform's id.
 * @returns `<channel>:<kind>:<id>`, visible ASCII.
 */
export function targetOf(chat: { channel: string; kind: string; chat: string }): string {
  const id = chat.chat.toWellFormed().replace(/[^!-~]|%/gu, encodeURIComponent);
  return `${chat.channel}:${chat.kind}:${id}`;
}

/**
 * Reads an address.
 *
 * @param channel The channel that it is for.
 * @param target What {@linkcode targetOf} wrote, or the platform's id as it is.
 * @returns The platform's id of the chat.
 *
 * @example
 * ```ts
 * import { chatOfTarget, targetOf } from "./target.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const target = targetOf({ channel: "telegram", kind: "direct", chat: "12345" });
 * assertEquals(target, "telegram:direct:12345");
 * assertEquals(chatOfTarget("telegram", target), "12345");
 * assertEquals(chatOfTarget("telegram", "12345"), "12345");
 * ```
 */
export function chatOfTarget(channel: string, target: string): string {
  if (!target.startsWith(`${channel}:`)) return target;
  const id = target.slice(channel.length + 1).replace(/^(?:direct|group|thread):/, "");
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
