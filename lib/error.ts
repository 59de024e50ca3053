/**
 * The one error type of the project, and the one table that says what each kind of failure means to a
 * shell (exit code) and to a client (HTTP status).
 *
 * @module
 */

/** What a kind of failure means outside: the exit code of a command, and the status of an answer. */
interface Meaning {
  readonly exit: number;
  readonly status: number;
}

/**
 * Exit codes are a contract (see README): 1 unexpected, 2 usage, 3 not there, 4 refused, 5 conflict,
 * 6 a peer or a port is not available, 7 this machine's state needs care, 8 queued and not yet accepted.
 */
const MEANINGS: Readonly<Record<ErrorCode, Meaning>> = {
  // The caller said something that cannot be done as said.
  usage: { exit: 2, status: 400 },
  config_invalid: { exit: 2, status: 500 },
  // What was named is not there.
  not_initialized: { exit: 3, status: 503 },
  not_found: { exit: 3, status: 404 },
  ambiguous: { exit: 3, status: 409 },
  method_not_allowed: { exit: 2, status: 405 },
  // What came in is refused.
  invalid_json: { exit: 4, status: 400 },
  malformed: { exit: 4, status: 400 },
  too_large: { exit: 4, status: 413 },
  bad_key: { exit: 4, status: 400 },
  bad_fingerprint: { exit: 4, status: 400 },
  bad_signature: { exit: 4, status: 401 },
  not_trusted: { exit: 4, status: 403 },
  wrong_recipient: { exit: 4, status: 400 },
  stale_timestamp: { exit: 4, status: 400 },
  rate_limited: { exit: 4, status: 429 },
  refused: { exit: 4, status: 403 },
  // It clashes with something that is there already.
  exists: { exit: 5, status: 409 },
  key_changed: { exit: 5, status: 409 },
  id_reused: { exit: 5, status: 409 },
  port_in_use: { exit: 5, status: 503 },
  // Somebody else does not answer.
  unavailable: { exit: 6, status: 503 },
  timeout: { exit: 6, status: 408 },
  // This machine's own state.
  damaged: { exit: 7, status: 500 },
  newer_state: { exit: 7, status: 500 },
  insecure_mode: { exit: 7, status: 500 },
  disk_full: { exit: 7, status: 507 },
  io: { exit: 7, status: 500 },
  locked: { exit: 7, status: 503 },
  // Safe on our disk, not yet with the peer.
  queued: { exit: 8, status: 202 },
  interrupted: { exit: 130, status: 503 },
  unexpected: { exit: 1, status: 500 },
};

/** The name of a kind of failure, stable across versions: scripts and peers may rely on it. */
export type ErrorCode =
  | "usage"
  | "config_invalid"
  | "not_initialized"
  | "not_found"
  | "ambiguous"
  | "method_not_allowed"
  | "invalid_json"
  | "malformed"
  | "too_large"
  | "bad_key"
  | "bad_fingerprint"
  | "bad_signature"
  | "not_trusted"
  | "wrong_recipient"
  | "stale_timestamp"
  | "rate_limited"
  | "refused"
  | "exists"
  | "key_changed"
  | "id_reused"
  | "port_in_use"
  | "unavailable"
  | "timeout"
  | "damaged"
  | "newer_state"
  | "insecure_mode"
  | "disk_full"
  | "io"
  | "locked"
  | "queued"
  | "interrupted"
  | "unexpected";

/** What may be said about an error beside its sentence. */
export interface MeshErrorOptions extends ErrorOptions {
  /** The next command to type, or the next thing to do, as one short line. */
  readonly hint?: string;
  /** Seconds after which trying again makes sense; becomes a `Retry-After` header. */
  readonly retryAfter?: number;
}

/**
 * A failure that we foresaw: a code, one sentence for people, and a hint that names the next command.
 *
 * @example
 * ```ts
 * import { exitCodeOf, MeshError } from "./error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new MeshError("not_found", 'No peer is called "stan"', { hint: "mesh peers list" });
 * assertEquals(exitCodeOf(error), 3);
 * ```
 */
export class MeshError extends Error {
  /** Always `MeshError`. */
  override readonly name = "MeshError";
  /** Which kind of failure this is. */
  readonly code: ErrorCode;
  /** The next command to type, if there is one that helps. */
  readonly hint: string | undefined;
  /** Seconds to wait before trying again, if that is known. */
  readonly retryAfter: number | undefined;

  /**
   * Makes an error; `throw` it.
   *
   * @param code Which kind of failure this is.
   * @param message One sentence, capital first, no final period.
   * @param options Hint, cause, and when to try again.
   */
  constructor(code: ErrorCode, message: string, options: MeshErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.retryAfter = options.retryAfter;
  }
}

/**
 * The code of any thrown value: a `MeshError`'s own, else `unexpected`.
 *
 * @param error What was thrown.
 * @returns The code.
 */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof MeshError ? error.code : "unexpected";
}

/**
 * The exit code that a command ends with after this error.
 *
 * @param error What was thrown.
 * @returns A number from 1 to 130.
 */
export function exitCodeOf(error: unknown): number {
  return MEANINGS[codeOf(error)].exit;
}

/**
 * The HTTP status that a client is answered with after this error.
 *
 * @param error What was thrown.
 * @returns A status from 202 to 507.
 */
export function httpStatusOf(error: unknown): number {
  return MEANINGS[codeOf(error)].status;
}

/**
 * The sentence of any thrown value.
 *
 * @param error What was thrown.
 * @returns Its message, or the value as text.
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
