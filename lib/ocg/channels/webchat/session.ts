/**
 * Who is at the page: a cookie with the room's id and a proof made with the token. Nothing needs to be
 * kept for it, it outlives a restart, and a new token ends all.
 *
 * @module
 */
import { sameSecret } from "../same.ts";

const NAME = "mesh_chat";

/** Between the rooms of several gateways: browsers tell the ports of a machine not apart. */
const AND = "~";

/** Most rooms of other gateways that are kept. */
const MOST_OTHERS = 3;

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
 * The header that lets a browser into a room, and leaves it in those of other gateways on this machine.
 *
 * @param request What it sent.
 * @param room The room.
 * @param token The token of the webchat.
 * @param path The path that the browser sends it to.
 * @param secure Whether it came over https.
 * @returns The value of `Set-Cookie`.
 */
export async function roomCookie(
  request: Request,
  room: string,
  token: string,
  path: string,
  secure: boolean,
): Promise<string> {
  const others: string[] = [];
  for (const pass of passesOf(request)) {
    if (others.length < MOST_OTHERS && await roomIn(pass, token) === undefined) others.push(pass);
  }
  const value = [`${room}.${await proof(room, token)}`, ...others].join(AND);
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
  for (const pass of passesOf(request)) {
    const room = await roomIn(pass, token);
    if (room !== undefined) return room;
  }
  return undefined;
}

/** The rooms with their proofs that a browser sent along. */
function passesOf(request: Request): string[] {
  return (request.headers.get("cookie") ?? "").split(";").slice(0, 50).flatMap((pair) => {
    const [name, value = ""] = pair.trim().split("=");
    return name === NAME ? value.split(AND).slice(0, MOST_OTHERS + 1) : [];
  }).filter((pass) => /^[0-9a-f]{32}\.[0-9a-f]{64}$/.test(pass));
}

async function roomIn(pass: string, token: string): Promise<string | undefined> {
  const [room = "", given = ""] = pass.split(".");
  return await sameSecret(given, await proof(room, token)) ? room : undefined;
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
