/**
 * Why asking a server failed, in kinds that tell what is the matter over there.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/**
 * - `refused`: the machine is there, nothing listens on the port.
 * - `unreachable`: no way to the address.
 * - `unknown_host`: the name has no address.
 * - `tls`: a connection, but no encryption that this machine trusts.
 * - `cut_off`: the other side hung up in the middle.
 * - `not_http`: something else than HTTP/1.x is spoken there.
 * - `too_large`: the answer is larger than allowed.
 * - `local`: this machine could not or may not ask.
 */
export type GetErrorKind =
  | "refused"
  | "unreachable"
  | "unknown_host"
  | "tls"
  | "cut_off"
  | "not_http"
  | "too_large"
  | "local";

/** A question that got no whole answer. */
export class GetError extends MeshError {
  /**
   * Makes an error.
   *
   * @param kind What is the matter.
   * @param message The sentence.
   * @param options The cause.
   */
  constructor(readonly kind: GetErrorKind, message: string, options?: ErrorOptions) {
    super(kind === "too_large" ? "too_large" : "unavailable", message, options);
  }
}

/** System errors that are this machine's own: no file descriptors, ports or buffers left. */
const OWN = ["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS"];

/**
 * Says why a connection could not be made.
 *
 * @param error What `Deno.connect` threw; not an abort, which its caller knows about.
 * @returns The kind of failure.
 *
 * @example
 * ```ts
 * import { connectErrorKind } from "./get_error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(connectErrorKind(new Deno.errors.ConnectionRefused()), "refused");
 * ```
 */
export function connectErrorKind(error: unknown): GetErrorKind {
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  if (error instanceof Deno.errors.ConnectionReset) return "cut_off";
  if (error instanceof Deno.errors.NotCapable) return "local";
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string" && OWN.includes(code)) return "local";
  // A failed look-up has a text only; the numbers are Windows' "host not found" and "no data".
  const lookup = /failed to lookup|os error 1100[14]|No address/.test(String(message));
  return lookup ? "unknown_host" : "unreachable";
}
