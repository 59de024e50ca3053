/**
 * What the channels that are built in need of their accounts' keys in `ocg.json`.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import type { ChatAccount } from "./accounts.ts";
import { isServiceUrl } from "./service_url.ts";

/** The keys of a Telegram bot. */
export interface TelegramSettings {
  /** The bot's token. */
  readonly botToken: string;
  /** Where the Bot API is. */
  readonly apiRoot?: string | undefined;
  /** The public https address at which Telegram calls us; without it, Telegram is asked. */
  readonly webhookUrl?: string | undefined;
  /** What Telegram proves itself with there. */
  readonly webhookSecret?: string | undefined;
  /** The path at which the call arrives here, if a proxy changes it. */
  readonly webhookPath?: string | undefined;
}

/** The keys of a Discord bot. */
export interface DiscordSettings {
  /** The bot's token. */
  readonly token: string;
  /** Where the REST API is. */
  readonly apiRoot?: string | undefined;
  /** Whether to ask for the text of all messages in servers. */
  readonly messageContent?: boolean | undefined;
}

/** The keys of a webchat. */
export interface WebchatSettings {
  /** What the link carries; without it, one is made. */
  readonly token?: string | undefined;
  /** Names beside this machine's own under which the page is reached, without ports. */
  readonly hosts?: readonly string[] | undefined;
}

const URL_RULE = "an http(s) URL without user name and password";
const url = z.string(URL_RULE).max(2000, URL_RULE).refine(isServiceUrl, URL_RULE);
const secret = (allowed: string) => z.string(allowed).regex(/^[!-~]{1,4096}$/, allowed);
const PATH_RULE = "a path that begins with /";
const HOOK_SECRET = "1 to 256 letters, digits, _ and -";
const LINK_TOKEN = "at least 32 letters, digits, _ and -";

const SHAPES = {
  telegram: z.looseObject({
    botToken: secret("the bot's token of BotFather"),
    apiRoot: url.optional(),
    webhookUrl: url.optional(),
    webhookSecret: z.string(HOOK_SECRET).regex(/^[\w-]{1,256}$/, HOOK_SECRET).optional(),
    webhookPath: z.string(PATH_RULE).regex(/^\/[!-~]{0,500}$/, PATH_RULE).optional(),
  }),
  discord: z.looseObject({
    token: secret("the bot's token of the developer portal"),
    apiRoot: url.optional(),
    messageContent: z.boolean("true or false").optional(),
  }),
  webchat: z.looseObject({
    token: z.string(LINK_TOKEN).regex(/^[\w-]{32,512}$/, LINK_TOKEN).optional(),
    hosts: z.array(z.string("a name"), "a list of names").optional(),
  }),
} as const;

/** What each channel's settings are. */
export interface SettingsOf {
  /** Of `telegram`. */
  readonly telegram: TelegramSettings;
  /** Of `discord`. */
  readonly discord: DiscordSettings;
  /** Of `webchat`. */
  readonly webchat: WebchatSettings;
}

/** How an account without its secret is completed. */
const HINTS: Readonly<Record<keyof SettingsOf, string>> = {
  telegram: "mesh ocg channels add --channel telegram --bot-token <token of BotFather>",
  discord: "mesh ocg channels add --channel discord --token <token of the developer portal>",
  webchat: "mesh ocg channels list",
};

/**
 * Reads the settings of an account.
 *
 * @param channel The channel's id.
 * @param account The account.
 * @returns Its settings.
 * @throws {MeshError} `config_invalid` with the key and what is allowed; no value is repeated.
 *
 * @example
 * ```ts
 * import { readSettings } from "./channel_settings.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const account = { account: "default", settings: {} };
 * assertThrows(
 *   () => readSettings("telegram", account),
 *   Error,
 *   'Channel "telegram", account "default": "botToken" is missing',
 * );
 * ```
 */
export function readSettings<Channel extends keyof SettingsOf>(
  channel: Channel,
  { account, settings }: Pick<ChatAccount, "account" | "settings">,
): SettingsOf[Channel] {
  const parsed = SHAPES[channel].safeParse(settings);
  if (parsed.success) return parsed.data as unknown as SettingsOf[Channel];
  const { path = [], message = "something else" } = parsed.error.issues[0] ?? {};
  const key = path.map(String).join(".");
  const isMissing = settings[String(path[0])] === undefined;
  const what = isMissing ? "is missing" : "is not as it should be";
  throw new MeshError(
    "config_invalid",
    `Channel "${channel}", account "${account}": "${key}" ${what}; allowed is ${message}`,
    { hint: HINTS[channel] },
  );
}
