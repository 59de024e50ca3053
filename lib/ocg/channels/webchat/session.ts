/**
 * Who is at the page: a cookie with the room's id and a proof made with the token. Nothing needs to be
 * kept for it, it outlives a restart, and a new token ends all.
 *
 * @module
 */
import { sameSecret } from "../same.ts";

const NAME = "mesh_chat";

/** A year: a conversation should still be there when its person comes back. */
const MAX_AGE = 31_536_000;

const ROOM = /^[0-9a-f]{32}$/;

/**
 * Whether a text is the id of a room.
 *
 * @param text The text.
 */
export function isRoom(text: string): boolean {
  return ROOM.test(text);
}

/**
 * The id of a room that nobody was ever in.
 *
 * @returns 32 hex characters.
 */
export function newRoom(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}

/**
 * The header that lets a browser into a room.
 *
 * @param room The room.
 * @param token The token of the webchat.
 * @param path The path that the browser sends it to.
 * @param secure Whether it came over https.
 * @returns The value of `Set-Cookie`.
 */
export async function roomCookie(
  room: string,
  token: string,
  path: string,
  secure: boolean,
): Promise<string> {
  const value = `${room}.${await proof(room, token)}`;
  return `${NAME}=${value}; Path=${path}; Max-Age=${MAX_AGE}; HttpOnly; SameSite=Strict` +
    (secure ? "; Secure" : "");
}

/**
 * The room that a browser was let into.
 *
 * @param request What it sent.
 * @param token The token of the webchat.
 * @returns The room, or `undefined` without a cookie that was made with this token.
 */
export async function roomOf(request: Request, token: string): Promise<string | undefined> {
  for (const pair of (request.headers.get("cookie") ?? "").split(";").slice(0, 50)) {
    const [name, value = ""] = pair.trim().split("=");
    if (name !== NAME) continue;
    const [room = "", given = ""] = value.split(".");
    if (isRoom(room) && await sameSecret(given, await proof(room, token))) return room;
  }
  return undefined;
}

async function proof(room: string, token: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(token), algorithm, false, [
    "sign",
  ]);
  const bytes = await crypto.subtle.sign("HMAC", key, encoder.encode(`mesh webchat room ${room}`));
  return new Uint8Array(bytes).toHex();
}
