/**
 * One exchange with a service that the owner configured, most often on this machine. Its address is
 * therefore not judged, unlike a peer's; but no redirect is followed, no proxy of the environment is
 * asked, and time and size are bounded whatever the other side does.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { MeshError } from "../error.ts";

/** What is sent. */
export interface ServiceRequest {
  /** The method; `POST` by default. */
  readonly method?: "GET" | "HEAD" | "POST";
  /** Headers beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body. */
  readonly body?: string;
}

/** How long and how much. */
export interface RequestLimits {
  /** Milliseconds for everything, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** Milliseconds between two pieces of the body. Only the whole is limited without it. */
  readonly idleMs?: number | undefined;
  /** Most bytes of body. Default 10 MiB. */
  readonly maxBytes?: number | undefined;
  /** Gives up early. */
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose head has arrived. */
export interface ServiceAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** The media type, lower case, without parameters; empty if none was sent. */
  readonly mediaType: string;
  /** Seconds that `Retry-After` asks to wait, if it was there and sensible. */
  readonly retryAfter?: number;
  /**
   * The body, piece by piece.
   *
   * @returns The pieces as they arrive. Throws `cut_off` if it ends before its end, and `too_large`.
   */
  pieces(): AsyncIterable<Uint8Array>;
  /**
   * The body as a whole.
   *
   * @returns Its text; bytes that are not UTF-8 become `�`.
   */
  text(): Promise<string>;
}

/** `cut_off`: the connection broke in the middle; the request may have been taken. */
export type RequestFailure = "unreachable" | "timeout" | "cut_off" | "too_large" | "interrupted";

/** Why there is no whole answer. */
export class RequestError extends MeshError {
  /**
   * A failure with its sentence.
   *
   * @param failure What went wrong.
   * @param message The sentence. It names the service's origin and nothing that is secret.
   */
  constructor(readonly failure: RequestFailure, message: string) {
    super(failure === "timeout" || failure === "too_large" ? failure : "unavailable", message);
  }
}

/** Most bytes of an answer, where a caller says nothing else. */
export const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name cannot be resolved right now",
  EHOSTUNREACH: "no route to it",
  ENETUNREACH: "this machine has no network",
};

/** Codes of failures after a connection was there. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ERR_STREAM_PREMATURE_CLOSE"]);

/**
 * Sends a request and lets `read` take what it wants of the answer. Whatever happens, the connection is
 * closed when the returned promise settles.
 *
 * @param url Where to, `http:` or `https:`.
 * @param request What to send.
 * @param limits How long and how much.
 * @param read Reads the answer; it is called once the head is there.
 * @returns What `read` returned.
 * @throws {RequestError} if there is no whole answer within the limits. What `read` throws is passed on.
 *
 * @example
 * ```ts
 * import { exchange } from "./request.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const server = Deno.serve({ port: 0, onListen() {} }, () => new Response("hi"));
 * const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
 * const text = await exchange(url, { body: "{}" }, { timeoutMs: 5000 }, (answer) => answer.text());
 * assertEquals(text, "hi");
 * await server.shutdown();
 * ```
 */
export async function exchange<T>(
  url: URL,
  request: ServiceRequest,
  limits: RequestLimits,
  read: (answer: ServiceAnswer) => Promise<T>,
): Promise<T> {
  const { open, connection } = url.protocol === "https:" ? await overTls() : await overTcp();
  const { timeoutMs, signal } = limits;
  const body = request.body === undefined ? undefined : new TextEncoder().encode(request.body);
  return await new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(interrupted());
    const outgoing = open(url, {
      method: request.method ?? "POST",
      ...connection,
      headers: {
        accept: "application/json",
        "accept-encoding": "identity",
        connection: "close",
        "user-agent": "mesh",
        ...(body && { "content-type": "application/json", "content-length": body.length }),
        ...request.headers,
      },
    });
    let settled = false;
    const settle = (finish: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      idle.stop();
      signal?.removeEventListener("abort", onAbort);
      finish();
      outgoing.destroy();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const timer = setTimeout(() => fail(tooSlow(url, timeoutMs)), timeoutMs);
    const idle = new Idle(limits.idleMs, (ms) => fail(silent(url, ms)));
    const onAbort = () => fail(interrupted());
    signal?.addEventListener("abort", onAbort, { once: true });
    let answered = false;
    outgoing.on("error", (error) => fail(failureOf(url, error, answered)));
    // After the head it is the body that tells whether anything is missing.
    outgoing.on("close", () => answered || fail(cutOff(url)));
    outgoing.on("response", (incoming: IncomingMessage) => {
      answered = true;
      read(new Answer(url, incoming, idle, limits.maxBytes ?? MAX_ANSWER_BYTES)).then(
        (value) => settle(() => resolve(value)),
        fail,
      );
    });
    outgoing.end(body);
  });
}

async function overTcp() {
  const { request } = await import("node:http");
  return { open: request, connection: { agent: false } as const };
}

/** An agent of `node:https` reads the system's certificates in a way that needs a permission of its own. */
async function overTls() {
  const { request } = await import("node:https");
  const { connect } = await import("node:tls");
  const createConnection = (options: object) => connect(options);
  return { open: request, connection: { createConnection } as const };
}

/** Goes off when nothing arrives for too long; time that our own side takes does not count. */
class Idle {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly ms: number | undefined, readonly onSilence: (ms: number) => void) {}

  start(): void {
    const { ms } = this;
    if (ms !== undefined) this.#timer = setTimeout(() => this.onSilence(ms), ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

class Answer implements ServiceAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly retryAfter?: number;

  constructor(
    private readonly url: URL,
    private readonly incoming: IncomingMessage,
    private readonly idle: Idle,
    private readonly maxBytes: number,
  ) {
    this.status = incoming.statusCode ?? 0;
    this.mediaType = incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
    const seconds = secondsOf(incoming.headers["retry-after"] ?? "");
    if (seconds !== undefined) this.retryAfter = seconds;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    let size = 0;
    this.idle.start();
    try {
      for await (const piece of this.incoming) {
        this.idle.stop();
        size += piece.length;
        if (size > this.maxBytes) throw tooLarge(this.url, this.maxBytes);
        yield piece;
        this.idle.start();
      }
    } catch (error) {
      throw error instanceof MeshError ? error : failureOf(this.url, error, true);
    } finally {
      this.idle.stop();
    }
    if (!this.incoming.complete) throw cutOff(this.url);
  }

  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of this.pieces()) text += decoder.decode(piece, { stream: true });
    return text + decoder.decode();
  }
}

function secondsOf(header: string): number | undefined {
  const seconds = /^\d{1,6}$/.test(header)
    ? Number(header)
    : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
}

function failureOf(url: URL, error: unknown, answered: boolean): RequestError {
  const { code } = error as { code?: unknown };
  if (answered || (typeof code === "string" && BROKEN.has(code))) return cutOff(url);
  const why = typeof code !== "string"
    ? "the connection failed"
    : /CERT|SIGNATURE/.test(code)
    ? `this machine does not trust its certificate (${code})`
    : REASONS[code] ?? code;
  return new RequestError("unreachable", `Cannot reach ${url.origin}: ${why}`);
}

function cutOff(url: URL): RequestError {
  return new RequestError(
    "cut_off",
    `${url.origin} cut the connection before its answer was whole`,
  );
}

function tooLarge(url: URL, maxBytes: number): RequestError {
  return new RequestError("too_large", `${url.origin} answered with more than ${maxBytes} bytes`);
}

function tooSlow(url: URL, ms: number): RequestError {
  return new RequestError("timeout", `${url.origin} did not answer within ${ms / 1000} s`);
}

function silent(url: URL, ms: number): RequestError {
  return new RequestError("timeout", `${url.origin} fell silent for ${ms / 1000} s`);
}

function interrupted(): RequestError {
  return new RequestError("interrupted", "The exchange was interrupted");
}
