/**
 * How the OGP surface says no: the keys that both dialects read, and a stable code.
 *
 * @module
 */
import { codeOf, httpStatusOf, MeshError, messageOf } from "../lib/error.ts";
import { TopicRejected } from "../lib/ogp/policies/topic_rejected.ts";

/**
 * The answer to a request that failed.
 *
 * @param error What was thrown.
 * @returns `{"success":false,"error":sentence,"code":code,"statusCode":status}` with that status, and
 * `retryAfter` in seconds, in the body and as a header, where waiting helps; `response` with a signed
 * rejection, where a policy says no.
 */
export function ogpRefusal(error: unknown): Response {
  const code = codeOf(error);
  const statusCode = httpStatusOf(error);
  // Sentences about failures of ours may name files of this machine, which is nobody's business.
  const sentence = statusCode >= 500 ? "This gateway cannot do that right now" : messageOf(error);
  const wait = error instanceof MeshError ? error.retryAfter : undefined;
  const retryAfter = wait === undefined ? undefined : Math.ceil(wait);
  const headers: Record<string, string> = {};
  if (retryAfter !== undefined) headers["retry-after"] = String(retryAfter);
  // What is left of a body that is too large is not read: the connection cannot be used any more.
  if (code === "too_large" || code === "timeout") headers["connection"] = "close";
  const body = {
    success: false,
    error: sentence,
    code,
    statusCode,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(error instanceof TopicRejected ? { response: error.response } : {}),
  };
  return Response.json(body, { status: statusCode, headers });
}
