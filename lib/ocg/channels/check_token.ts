/**
 * Asks a platform whether a token is good, before a channel relies on it.
 *
 * @module
 */
import { exchange, RequestError } from "../../agent/request.ts";
import { MeshError } from "../../error.ts";

/** Milliseconds that the platform may take. */
const PATIENCE = 10_000;
const DISCORD = "https://discord.com/api";
/** Most bytes of an answer about a bot. */
const MAX_BYTES = 64 * 1024;

type Check = (settings: Readonly<Record<string, unknown>>) => Promise<string>;

/**
 * Who the bot of an account is.
 *
 * @param channel The channel's id.
 * @param settings The account's keys: `botToken` or `token`, `apiRoot`.
 * @returns The bot's name on the platform; `undefined` where nobody can be asked, or there is no token.
 * @throws {MeshError} `refused` if the token is not good, `unavailable` if the platform cannot be asked.
 */
export async function checkToken(
  channel: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  if (channel === "telegram" && settings.botToken) return await askTelegram(settings);
  if (channel === "discord" && settings.token) return await askDiscord(settings);
  return undefined;
}

const askTelegram: Check = async ({ botToken, apiRoot }) => {
  const { TelegramClient } = await import("./telegram/client.ts");
  const { errorOf, faultOf } = await import("./telegram/fault.ts");
  try {
    const client = new TelegramClient(String(botToken), apiRoot ? String(apiRoot) : undefined);
    const { api } = await client.calls();
    const { username } = await api.getMe(AbortSignal.timeout(PATIENCE));
    return `@${username}`;
  } catch (error) {
    throw errorOf(faultOf(error));
  }
};

const askDiscord: Check = async ({ token, apiRoot }) => {
  const { errorOf, faultOf } = await import("./discord/fault.ts");
  const base = apiRoot ? String(apiRoot).replace(/\/+$/, "") : DISCORD;
  const url = URL.parse(`${base}/v10/users/@me`);
  if (!url) throw new MeshError("config_invalid", `"apiRoot" is not a URL`);
  const headers = { authorization: `Bot ${token}` };
  const limits = { timeoutMs: PATIENCE, maxBytes: MAX_BYTES };
  const text = await exchange(url, { method: "GET", headers }, limits, async (answer) => {
    const { status } = answer;
    if (status !== 200) throw errorOf(faultOf({ status, message: `status ${status}` }));
    return await answer.text();
  }).catch((error) => {
    throw error instanceof RequestError ? errorOf(faultOf(error)) : error;
  });
  return nameIn(text) ?? "a bot";
};

/** The name in Discord's answer; what is no answer of Discord's has none. */
function nameIn(text: string): string | undefined {
  try {
    const { username } = JSON.parse(text);
    return typeof username === "string" ? username.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
