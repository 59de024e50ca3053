/**
 * The other way to get updates: Telegram calls us, and calls again if it is not answered with success.
 *
 * @module
 */
import { readText } from "../body.ts";
import { sameSecret } from "../same.ts";

/** The largest update that is read; Telegram's are a few KiB. */
const MOST_BYTES = 1_048_576;

/**
 * The proof that Telegram has to bring if no other was configured: made from the token, so that it stays
 * the same over a restart without being stored, and gives nothing of the token away.
 *
 * @param token The bot's token.
 * @returns 64 hex characters.
 */
export async function webhookSecret(token: string): Promise<string> {
  const text = new TextEncoder().encode(`mesh telegram webhook\n${token}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
}

/**
 * Answers a call of Telegram.
 *
 * @param request The call.
 * @param secret What it must prove itself with.
 * @param take Takes the update; resolves when it is safe.
 * @returns 200 when the update is safe, 401 without the proof, 400 or 413 for what is no update, 503 if it
 * could not be kept: then Telegram brings it again.
 */
export async function answerWebhook(
  request: Request,
  secret: string,
  take: (update: unknown) => Promise<void>,
): Promise<Response> {
  if (request.method !== "POST") return empty(405);
  const given = request.headers.get("x-telegram-bot-api-secret-token") ?? "";
  if (!await sameSecret(given, secret)) return empty(401);
  const text = await readText(request, MOST_BYTES);
  if (text === undefined) return empty(413);
  let update: unknown;
  try {
    update = JSON.parse(text);
  } catch {
    return empty(400);
  }
  try {
    await take(update);
  } catch {
    return empty(503);
  }
  return empty(200);
}

function empty(status: number): Response {
  return new Response(null, { status });
}
