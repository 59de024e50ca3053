/**
 * Where an OpenAI-compatible service takes questions, from whatever part of the URL its owner wrote down.
 *
 * @module
 */

const COMPLETIONS = "/chat/completions";

/**
 * Completes a URL.
 *
 * @param text The service's base URL, its `/v1`, or the full path.
 * @returns The URL that takes chat completions; a query stays.
 * @throws {TypeError} if the text is no URL.
 *
 * @example
 * ```ts
 * import { chatUrl } from "./chat_url.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const full = "http://127.0.0.1:11434/v1/chat/completions";
 * assertEquals(chatUrl("http://127.0.0.1:11434").href, full);
 * assertEquals(chatUrl("http://127.0.0.1:11434/v1/").href, full);
 * assertEquals(chatUrl(full).href, full);
 * ```
 */
export function chatUrl(text: string): URL {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, "");
  if (path.endsWith(COMPLETIONS)) url.pathname = path;
  // Some services have a version of their own, and more behind it.
  else url.pathname = path + (/\/v\d/.test(path) ? "" : "/v1") + COMPLETIONS;
  return url;
}

/**
 * Where the same service lists its models.
 *
 * @param chat As {@linkcode chatUrl} returns it.
 * @returns The URL of the list, which can be asked for without cost.
 */
export function modelsUrl(chat: URL): URL {
  const url = new URL(chat);
  url.pathname = url.pathname.slice(0, -COMPLETIONS.length) + "/models";
  return url;
}
