/**
 * The sign that an answer is being written, which platforms take away after some seconds.
 *
 * @module
 */
import type { Channel } from "./channel.ts";

/** Milliseconds for which the platforms show it, at least. */
const RENEW = 4500;

/**
 * Shows the sign until it is stopped.
 *
 * @param channel The channel.
 * @param chat The chat.
 * @returns What stops it.
 */
export function keepTyping(channel: Channel, chat: string): { stop(): void } {
  if (!channel.capabilities.typing) return { stop() {} };
  const show = () => void channel.typing(chat).catch(() => {});
  show();
  const timer = setInterval(show, RENEW);
  return { stop: () => clearInterval(timer) };
}
