/**
 * What an agent posts to a callback: `{"reply": …, "isError": …}`, where the reply is a text or an object
 * that has one.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** An answer as it came. */
export interface CallbackAnswer {
  /** The text; may be empty if there is a picture or file. */
  readonly text: string;
  /** Where a picture or file is. */
  readonly mediaUrl?: string | undefined;
  /** Whether it reports an error. */
  readonly isError: boolean;
}

/** Levels of lists and objects within which a text is looked for. */
const DEEPEST = 5;

/**
 * Reads the body.
 *
 * @param bytes As received.
 * @returns The answer.
 * @throws {MeshError} `invalid_json`, or `malformed` if there is no reply in it.
 */
export function parseCallback(bytes: Uint8Array): CallbackAnswer {
  const { reply, isError } = objectIn(bytes);
  if (isError !== undefined && typeof isError !== "boolean") {
    throw new MeshError("malformed", '"isError" is neither true nor false');
  }
  const text = textOf(reply)?.toWellFormed().trim() ?? "";
  const mediaUrl = mediaOf(reply);
  if (text === "" && mediaUrl === undefined) {
    throw new MeshError("malformed", '"reply" is neither a text nor an object with one');
  }
  return { text, mediaUrl, isError: isError ?? false };
}

/**
 * The JSON object that a body is.
 *
 * @param bytes The body.
 * @returns Its keys.
 * @throws {MeshError} `invalid_json`, or `malformed` for another value.
 */
export function objectIn(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new MeshError("invalid_json", "The body is not JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new MeshError("malformed", "The body is not a JSON object");
}

/** Content is a text, or a list of parts some of which are texts, as in chat completions. */
function textOf(reply: unknown, depth = 0): string | undefined {
  if (typeof reply === "string") return reply;
  if (depth === DEEPEST || typeof reply !== "object" || reply === null) return undefined;
  if (Array.isArray(reply)) {
    return reply.map((part) => textOf(part, depth + 1)).filter(Boolean).join("\n");
  }
  const { text, content, message } = reply as Record<string, unknown>;
  for (const part of [text, content, message]) {
    const found = textOf(part, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function mediaOf(reply: unknown): string | undefined {
  if (typeof reply !== "object" || reply === null) return undefined;
  const { mediaUrl, mediaUrls } = reply as Record<string, unknown>;
  const first = mediaUrl ?? (Array.isArray(mediaUrls) ? mediaUrls[0] : undefined);
  if (typeof first !== "string" || first.length > 4096) return undefined;
  const url = URL.parse(first);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
