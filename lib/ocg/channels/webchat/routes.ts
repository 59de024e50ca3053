/**
 * What the webchat's page asks of the server.
 *
 * `GET /chat` the page · `POST /chat/session {token}` lets a browser in, `GET` says whether it is · `GET
 * /chat/events` first the conversation, then what is new · `POST /chat/messages {key, text}` says something ·
 * `POST /chat/room` begins a new conversation.
 *
 * @module
 */
import type { ChannelHandler, ChatMessage } from "../../channel.ts";
import { readFields } from "../body.ts";
import { sameSecret } from "../same.ts";
import type { Growing } from "./growing.ts";
import { strangeOrigin } from "./guard.ts";
import { WEBCHAT_PATH, webchatPage } from "./page.ts";
import type { RoomLog } from "./room_log.ts";
import { newRoom, roomCookie, roomOf } from "./session.ts";
import type { Streams } from "./streams.ts";

/** What answering needs. */
export interface WebchatParts {
  /** The account's name. */
  readonly account: string;
  /** What the link carries. */
  readonly token: string;
  /** Names beside this machine's own under which the page is reached. */
  readonly hosts: readonly string[];
  /** What was said. */
  readonly log: RoomLog;
  /** What is being said. */
  readonly growing: Growing;
  /** The open pages. */
  readonly streams: Streams;
  /** Who takes messages; `undefined` while the channel is stopped. */
  readonly handler: ChannelHandler | undefined;
}

/** The largest body. */
const MOST_BYTES = 100_000;

/** The longest text of a person, in UTF-16 units. */
const MOST_TEXT = 20_000;

const KEY = /^[\w-]{8,64}$/;

/** Headers of every answer but the page: what is private is neither kept nor guessed at. */
const PRIVATE = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/**
 * Answers a request.
 *
 * @param request What a browser asks.
 * @param parts What there is to answer with.
 * @returns The answer; never an error.
 */
export async function answerWebchat(request: Request, parts: WebchatParts): Promise<Response> {
  const strange = strangeOrigin(request, parts.hosts);
  if (strange !== undefined) return refuse(403, strange);
  const path = new URL(request.url).pathname.replace(/\/$/, "");
  try {
    switch (`${request.method} ${path}`) {
      case `GET ${WEBCHAT_PATH}`:
        return await webchatPage();
      case `POST ${WEBCHAT_PATH}/session`:
        return await enter(request, parts);
    }
    const room = await roomOf(request, parts.token);
    if (room === undefined) return refuse(401, "Open the link to this chat again");
    switch (`${request.method} ${path}`) {
      case `GET ${WEBCHAT_PATH}/session`:
        return new Response(null, { status: 204, headers: PRIVATE });
      case `POST ${WEBCHAT_PATH}/room`:
        return await letInto(newRoom(), request, parts);
      case `GET ${WEBCHAT_PATH}/events`:
        return events(room, parts);
      case `POST ${WEBCHAT_PATH}/messages`:
        return await say(room, request, parts);
    }
    return refuse(404, "There is nothing here");
  } catch {
    // What failed is this machine's disk; the daemon's log has the details.
    return refuse(503, "This cannot be kept at the moment; try again");
  }
}

async function enter(request: Request, parts: WebchatParts): Promise<Response> {
  const fields = await readFields(request, MOST_BYTES);
  if (typeof fields === "number") return refuse(fields, "This is no token");
  const { token } = fields;
  if (typeof token !== "string" || !await sameSecret(token, parts.token)) {
    return refuse(401, "This link is not, or no longer, valid");
  }
  // Who opens the link again goes on with the conversation of this browser.
  return await letInto(await roomOf(request, parts.token) ?? newRoom(), request, parts);
}

async function letInto(room: string, request: Request, { token }: WebchatParts): Promise<Response> {
  const secure = new URL(request.url).protocol === "https:";
  const cookie = await roomCookie(request, room, token, WEBCHAT_PATH, secure);
  return new Response(null, { status: 204, headers: { ...PRIVATE, "set-cookie": cookie } });
}

function events(room: string, { handler, streams, log, growing }: WebchatParts): Response {
  if (!handler) return refuse(503, "The chat is stopped");
  const stream = streams.open(room, async () => {
    const messages = await log.read(room);
    const present = messages.map((one) => ({
      ...one,
      text: growing.textOf(room, one.id) ?? one.text,
    }));
    return ["history", present];
  });
  if (!stream) return refuse(429, "Too many pages of this chat are open");
  return new Response(stream, {
    headers: { ...PRIVATE, "content-type": "text/event-stream", "x-accel-buffering": "no" },
  });
}

async function say(room: string, request: Request, parts: WebchatParts): Promise<Response> {
  const fields = await readFields(request, MOST_BYTES);
  if (typeof fields === "number") return refuse(fields, "This is no message");
  const { key, text } = fields;
  if (typeof key !== "string" || !KEY.test(key)) return refuse(400, "The message has no key");
  if (typeof text !== "string" || text.trim() === "") return refuse(400, "The message is empty");
  if (text.length > MOST_TEXT) {
    return refuse(413, `A message has at most ${MOST_TEXT} characters`);
  }
  if (!parts.handler) return refuse(503, "The chat is stopped");
  const at = Date.now();
  const { message, isNew } = await parts.log.append(room, { from: "person", text, at, key });
  if (isNew) parts.streams.push(room, "message", message);
  const said: ChatMessage = {
    channel: "webchat",
    account: parts.account,
    chat: room,
    id: key,
    kind: "direct",
    sender: { id: room, name: "webchat" },
    text: message.text,
    addressed: true,
    sentAt: new Date(message.at),
  };
  // Told again as well: it may have failed the first time, and the key makes it count once.
  await parts.handler.onMessage(said);
  return Response.json({ id: message.id }, { status: 202, headers: PRIVATE });
}

function refuse(status: number, error: string): Response {
  // Of a body that is too large the rest would still be on its way.
  const headers = status === 413 ? { ...PRIVATE, connection: "close" } : PRIVATE;
  return Response.json({ error }, { status, headers });
}
