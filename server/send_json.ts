/**
 * The short way to answer, for what is asked thousands of times a second: a `Response` carries its body as
 * a stream, which is made and read again for each answer, and costs as much as all the rest of the routing.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Buffer } from "node:buffer";

/**
 * Answers with status 200 and a document, right on the response of `node:http`, in one write.
 *
 * @param bindings The request's bindings.
 * @param document What `JSON.stringify` can write.
 * @returns What tells the server that the answer is on its way: to be returned as it is.
 */
export function sendJson({ outgoing }: HttpBindings, document: unknown): Response {
  const body = JSON.stringify(document);
  outgoing.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  outgoing.end(body);
  return RESPONSE_ALREADY_SENT;
}
