/**
 * One exchange with a URL that a peer chose: no redirect is followed, the name is resolved once
 * and its addresses are judged before a connection is made, the answer is bounded in size and time.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { MeshError } from "../error.ts";
import { addressKind } from "./address.ts";
import { guardedLookup, REFUSED_ADDRESS } from "./guarded_lookup.ts";

/** What a server answered. */
export interface PostAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** The body, decoded leniently: it is looked at, never trusted. */
  readonly body: string;
  /** Seconds that `Retry-After` asks to wait, if it was there and sensible. */
  readonly retryAfter?: number;
}

/** How to post. */
export interface PostOptions {
  /** Milliseconds for everything: resolving, connecting, sending, reading. Default 8,000. */
  readonly timeoutMs?: number;
  /** Most bytes read of the answer. Default 65,536. */
  readonly maxBytes?: number;
  /** Gives up early. */
  readonly signal?: AbortSignal;
}

/** The network of this machine failed, not the peer's: nothing can be concluded about the peer. */
const OWN_NETWORK = new Set(["ENETUNREACH", "ENETDOWN", "EAI_AGAIN", "EADDRNOTAVAIL", "EMFILE"]);

/** A failure to get any answer. `ownFault` tells that this machine's network is to blame. */
export class NoAnswerError extends MeshError {
  /**
   * A failure with its sentence.
   *
   * @param code `unavailable` or `timeout`.
   * @param message The sentence.
   * @param ownFault Whether this machine's own network failed.
   */
  constructor(code: "unavailable" | "timeout", message: string, readonly ownFault: boolean) {
    super(code, message);
  }
}

/**
 * Checks a URL that a peer gave us before anything is sent there.
 *
 * @param text The URL.
 * @returns The parsed URL.
 * @throws {MeshError} `malformed` if it is not plain http(s), carries credentials or names an address
 * that no peer can have.
 */
export function parsePeerUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && (url.username !== "" || url.password !== "")) {
    throw new MeshError("malformed", "Cannot use an endpoint that carries a user name or password");
  }
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new MeshError("malformed", `Cannot use "${text}" as an endpoint: it is no http(s) URL`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (/^[\d.]+$|:/.test(host) && ["unusable", "link-local"].includes(addressKind(host))) {
    throw new MeshError("malformed", `Cannot use "${text}" as an endpoint: no peer can be there`);
  }
  return url;
}

/**
 * Posts a JSON text.
 *
 * @param url Where to.
 * @param json The body.
 * @param options Limits.
 * @returns The answer, whatever its status.
 * @throws {NoAnswerError} if there was no complete answer in time.
 */
export async function postJson(
  url: URL,
  json: string,
  options: PostOptions = {},
): Promise<PostAnswer> {
  return await exchange(url, new TextEncoder().encode(json), options);
}

/**
 * Gets a JSON text, with the same care for where the URL leads.
 *
 * @param url Where from.
 * @param options Limits.
 * @returns The answer, whatever its status.
 * @throws {NoAnswerError} if there was no complete answer in time.
 */
export async function getJson(url: URL, options: PostOptions = {}): Promise<PostAnswer> {
  return await exchange(url, undefined, options);
}

async function exchange(
  url: URL,
  body: Uint8Array | undefined,
  { timeoutMs = 8000, maxBytes = 65_536, signal }: PostOptions,
): Promise<PostAnswer> {
  const { request, connection } = url.protocol === "https:" ? await overTls() : await overTcp();
  const lookup = guardedLookup((await import("node:dns")).lookup);
  const content = body && { "content-type": "application/json", "content-length": body.length };
  return await new Promise<PostAnswer>((resolve, reject) => {
    const outgoing = request(url, {
      method: body ? "POST" : "GET",
      ...connection,
      lookup,
      headers: {
        ...content,
        accept: "application/json",
        connection: "close",
        "user-agent": "mesh",
      },
    });
    const timer = setTimeout(
      () => settle(() => reject(silent(url, timeoutMs))),
      timeoutMs,
    );
    const onAbort = () =>
      settle(() => reject(new NoAnswerError("unavailable", "The attempt was interrupted", true)));
    let settled = false;
    function settle(finish: () => void): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      finish();
      outgoing.destroy();
    }
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    outgoing.on("error", (error) => settle(() => reject(unreachable(url, error))));
    outgoing.on("response", (incoming: IncomingMessage) => {
      readBody(incoming, maxBytes).then(
        (text) => settle(() => resolve(answerOf(incoming, text))),
        (error) => settle(() => reject(unreachable(url, error))),
      );
    });
    outgoing.end(body);
  });
}

async function overTcp() {
  const { request } = await import("node:http");
  return { request, connection: { agent: false } as const };
}

/** An agent of `node:https` reads the system's certificates in a way that needs a permission of its own. */
async function overTls() {
  const { request } = await import("node:https");
  const { connect } = await import("node:tls");
  const createConnection = (options: object) => connect(options);
  return { request, connection: { createConnection } as const };
}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBytes) return text;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function answerOf(incoming: IncomingMessage, body: string): PostAnswer {
  const header = incoming.headers["retry-after"] ?? "";
  const seconds = /^\d{1,6}$/.test(header)
    ? Number(header)
    : (Date.parse(header) - Date.now()) / 1000;
  const sensible = Number.isFinite(seconds) && seconds > 0;
  return {
    status: incoming.statusCode ?? 0,
    body,
    ...(sensible ? { retryAfter: Math.ceil(seconds) } : {}),
  };
}

function silent(url: URL, timeoutMs: number): NoAnswerError {
  return new NoAnswerError(
    "timeout",
    `${url.origin} did not answer within ${timeoutMs / 1000} s`,
    false,
  );
}

function unreachable(url: URL, error: unknown): NoAnswerError {
  const code = (error as { code?: unknown }).code;
  const reasons: Record<string, string> = {
    ECONNREFUSED: "nothing listens there",
    ECONNRESET: "the connection was cut",
    ENOTFOUND: "its name is unknown",
    EAI_AGAIN: "its name cannot be resolved right now",
    EHOSTUNREACH: "no route to it",
    ENETUNREACH: "this machine has no network",
    [REFUSED_ADDRESS]: "its name resolves to an address of this machine or link",
  };
  const why = typeof code !== "string"
    ? "the connection failed"
    : /CERT|SIGNATURE/.test(code)
    ? `this machine does not trust its certificate (${code})`
    : reasons[code] ?? code;
  const own = typeof code === "string" && OWN_NETWORK.has(code);
  return new NoAnswerError("unavailable", `Cannot reach ${url.origin}: ${why}`, own);
}
