/**
 * Reads one HTTP/1.x answer from a connection, within limits (RFC 9112). Only as much of HTTP as it takes
 * to ask a small question: the status and the body; what a server means by other headers is not looked at.
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import { GetError } from "./get_error.ts";

/** An answer, as far as it matters. */
export interface HttpAnswer {
  /** The status, 200 to 599. */
  readonly status: number;
  /** The body; empty if the status is not one of success, for then it is not read. */
  readonly body: Uint8Array;
}

/** What the head of an answer says about its body. */
interface Head {
  readonly status: number;
  readonly chunked: boolean;
  /** Bytes of the body, if announced. */
  readonly length: number | undefined;
}

/** Status line and headers together; servers in the field send under 2 KiB. */
const MAX_HEAD = 16_384;
/** A chunk's size with its extensions. */
const MAX_CHUNK_LINE = 1024;
/** Interim answers (1xx) before the real one. */
const MAX_INTERIM = 5;

/**
 * Reads an answer whole.
 *
 * @param source Where the bytes come from.
 * @param maxBody The most bytes of body to take.
 * @returns Status and body.
 * @throws {GetError} `not_http`, `too_large`, or `cut_off` if the bytes end in the middle.
 *
 * @example
 * ```ts
 * import { readAnswer } from "./http_answer.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
 * const bytes = new TextEncoder().encode(text);
 * let offset = 0;
 * const source = {
 *   read(into: Uint8Array) {
 *     const part = bytes.subarray(offset, offset + into.length);
 *     into.set(part);
 *     offset += part.length;
 *     return Promise.resolve(part.length || null);
 *   },
 * };
 * const { status, body } = await readAnswer(source, 1024);
 * assertEquals([status, new TextDecoder().decode(body)], [200, "hi"]);
 * ```
 */
export async function readAnswer(
  source: { read(into: Uint8Array): Promise<number | null> },
  maxBody: number,
): Promise<HttpAnswer> {
  const reader = new ByteReader(source);
  const head = await readHead(reader);
  const { status, chunked, length } = head;
  if (status < 200 || status > 299 || status === 204) return { status, body: new Uint8Array() };
  if (chunked) return { status, body: await readChunks(reader, maxBody) };
  if (length === undefined) return { status, body: await reader.toEnd(maxBody) };
  if (length > maxBody) throw tooLarge(maxBody);
  return { status, body: await reader.take(length) };
}

async function readHead(reader: ByteReader): Promise<Head> {
  let room = MAX_HEAD;
  const line = async () => {
    const text = await reader.line(room);
    room -= text.length;
    return text;
  };
  for (let i = 0; i <= MAX_INTERIM; i++) {
    const status = Number(/^HTTP\/1\.[01] ([1-5]\d\d)( .*)?$/.exec(await line())?.[1]);
    if (Number.isNaN(status) || status === 101) throw notHttp();
    let head: Head = { status, chunked: false, length: undefined };
    for (let header = await line(); header !== ""; header = await line()) {
      head = withHeader(head, header);
    }
    if (status >= 200) return head;
  }
  throw notHttp();
}

function withHeader(head: Head, line: string): Head {
  const [, name = "", value = ""] = /^([^:]*):\s*(.*?)\s*$/.exec(line) ?? [];
  switch (name.toLowerCase()) {
    case "transfer-encoding":
      if (value.toLowerCase() !== "chunked") throw notHttp();
      return { ...head, chunked: true };
    case "content-length": {
      const length = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
      if (Number.isNaN(length) || (head.length ?? length) !== length) throw notHttp();
      return { ...head, length };
    }
    default:
      return head;
  }
}

async function readChunks(reader: ByteReader, maxBody: number): Promise<Uint8Array> {
  const body = new Uint8Array(maxBody);
  let size = 0;
  for (;;) {
    const [, hex] = /^([0-9a-f]{1,8})\s*(;.*)?$/i.exec(await reader.line(MAX_CHUNK_LINE)) ?? [];
    if (hex === undefined) throw notHttp();
    const length = parseInt(hex, 16);
    if (length === 0) return body.slice(0, size);
    if (size + length > maxBody) throw tooLarge(maxBody);
    body.set(await reader.take(length), size);
    size += length;
    if (await reader.line(0) !== "") throw notHttp();
  }
}

function notHttp(): GetError {
  return new GetError("not_http", "The answer is not HTTP/1.x");
}

function tooLarge(limit: number): GetError {
  return new GetError("too_large", `The answer is larger than ${limit} bytes`);
}
