/**
 * Reads a request's body under a limit, from the socket's own stream.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { MeshError } from "../lib/error.ts";

/**
 * Reads a whole body.
 *
 * @param incoming The request.
 * @param limit Most bytes it may have.
 * @returns The bytes.
 * @throws {MeshError} `too_large` as soon as that is known, `malformed` if the client went away.
 */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<Uint8Array> {
  if (Number(incoming.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof MeshError) throw error;
    throw new MeshError("malformed", "The request was cut short", { cause: error });
  }
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

function tooLarge(limit: number): MeshError {
  return new MeshError("too_large", `The body is larger than ${limit} bytes`);
}
