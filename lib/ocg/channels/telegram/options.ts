/**
 * What a Telegram account of ours is made of.
 *
 * @module
 */
import type { BackoffBounds } from "../backoff.ts";

/** One bot. */
export interface TelegramOptions {
  /** The account's name; `default` if there is one. */
  readonly account: string;
  /** The bot's token from BotFather; a secret. */
  readonly botToken: string;
  /** Where the Bot API is, for a server of one's own. Default `https://api.telegram.org`. */
  readonly apiRoot?: string;
  /** Let Telegram call us instead of asking it; default is to ask (long polling). */
  readonly webhook?: TelegramWebhook;
  /** Seconds that Telegram may hold a question for news. Default 30. */
  readonly pollSeconds?: number;
  /** How long to wait between tries; for tests. */
  readonly backoff?: BackoffBounds;
  /** Least milliseconds between edits of one message; for tests. Default 1,500. */
  readonly editEveryMs?: number;
}

/** How Telegram reaches us. */
export interface TelegramWebhook {
  /** The public https address that leads to {@link TelegramChannel.webhook}. */
  readonly url: string;
  /** What Telegram proves itself with: 1 to 256 of `A-Za-z0-9_-`. Default: made from the token. */
  readonly secret?: string;
}
