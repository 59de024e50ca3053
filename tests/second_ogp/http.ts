/**
 * One HTTP call at a time over `node:http`, each on a connection of its own.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { request } from "node:http";

/** A JSON value as `JSON.parse` gives it: what a test looks at is what it checks. */
// deno-lint-ignore no-explicit-any
export type Json = any;

/** What came back. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number;
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came. */
  readonly text: string;
  /** The body as JSON, `undefined` if it is none. */
  readonly json: Json;
}

/** How to call. */
export interface CallOptions {
  /** `GET` without a body, else `POST`. */
  readonly method?: string;
  /** Beside `content-type`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the call is given up. */
  readonly patience?: number;
}

const PATIENCE = 10_000;

/**
 * Calls, and waits for the whole answer.
 *
 * @param url Where.
 * @param body A text as it is, anything else as JSON; nothing for a call without a body.
 * @param options Method and headers.
 * @returns The answer, whatever its status.
 * @throws {Error} If there is none.
 */
export function call(url: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
  const text = body === undefined
    ? undefined
    : typeof body === "string"
    ? body
    : JSON.stringify(body);
  const bytes = text === undefined ? undefined : Buffer.from(text, "utf8");
  const headers: Record<string, string> = { connection: "close" };
  if (bytes) {
    headers["content-type"] = "application/json";
    headers["content-length"] = String(bytes.length);
  }
  const method = options.method ?? (bytes ? "POST" : "GET");
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { agent: false, method, headers: { ...headers, ...options.headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", fail);
        incoming.on("end", () => {
          clearTimeout(timer);
          const answer = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: incoming.statusCode ?? 0,
            headers: plain(incoming.headers),
            text: answer,
            json: parsed(answer),
          });
        });
      },
    );
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    const timer = setTimeout(() => {
      outgoing.destroy();
      fail(new Error(`Cannot call ${url}: no answer`));
    }, options.patience ?? PATIENCE);
    outgoing.on("error", fail);
    outgoing.end(bytes);
  });
}

/**
 * Parses what may be no JSON at all.
 *
 * @param text The text.
 * @returns The value, or `undefined`.
 */
export function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Header fields as plain texts.
 *
 * @param headers As `node:http` gives them.
 * @returns One text per field.
 */
export function plain(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );
}
