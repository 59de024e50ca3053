/**
 * What a Discord account of ours is made of.
 *
 * @module
 */
import type { BackoffBounds } from "../backoff.ts";

/** One bot. */
export interface DiscordOptions {
  /** The account's name; `default` if there is one. */
  readonly account: string;
  /** The bot's token from the developer portal; a secret. */
  readonly token: string;
  /**
   * Where the REST API is, without the version; it names the gateway as well. Default
   * `https://discord.com/api`.
   */
  readonly apiRoot?: string;
  /**
   * Whether to ask for the text of all messages in servers. Discord gives the text of direct messages and
   * of those that mention the bot anyway; all others need an intent that the portal has to grant. Default
   * no.
   */
  readonly messageContent?: boolean;
  /** How long to wait between tries; for tests. */
  readonly backoff?: BackoffBounds;
}
