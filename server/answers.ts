/**
 * How the server says no: always JSON, with a stable code, a sentence, and nothing about this machine.
 *
 * @module
 */
import { codeOf, httpStatusOf, MeshError, messageOf } from "../lib/error.ts";

/**
 * The answer to a request that failed.
 *
 * @param error What was thrown.
 * @returns `{"ok":false,"error":code,"message":sentence}` with the status that fits the code.
 */
export function refusal(error: unknown): Response {
  const code = codeOf(error);
  const status = httpStatusOf(error);
  // Sentences about failures of ours may name files of this machine, which is nobody's business.
  const message = status >= 500 ? "This node cannot store anything right now" : messageOf(error);
  const headers: Record<string, string> = {};
  if (error instanceof MeshError && error.retryAfter !== undefined) {
    headers["retry-after"] = String(Math.ceil(error.retryAfter));
  }
  // What is left of a body that is too large is not read: the connection cannot be used any more.
  if (code === "too_large" || code === "timeout") headers["connection"] = "close";
  return Response.json({ ok: false, error: code, message }, { status, headers });
}

/**
 * The answer to a path that exists, asked for with the wrong method.
 *
 * @param allow The method that it takes.
 * @returns Status 405.
 */
export function methodNotAllowed(allow: string): Response {
  const body = { ok: false, error: "method_not_allowed", message: `Use ${allow}` };
  return Response.json(body, { status: 405, headers: { allow } });
}

/**
 * The answer to a path that does not exist, in the words of the Python original.
 *
 * @returns Status 404.
 */
export function notFound(): Response {
  return Response.json({ ok: false, error: "not_found" }, { status: 404 });
}
