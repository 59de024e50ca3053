/**
 * Who may ask the admin surface: programs of this machine that name it by its own names, no page of another
 * site in the owner's browser, and whoever has the token.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import { MeshError } from "../../lib/error.ts";

/** The names of this machine for itself. */
const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Judges what a request says about where it comes from. A page that had its own name resolve to this machine
 * would still send that name as `Host`, and a page of another site sends its `Origin`.
 *
 * @param headers The request's headers.
 * @param hosts Names beside this machine's own that are fine.
 * @throws {MeshError} `refused`.
 */
export function assertFromHere(headers: Headers, hosts: readonly string[] = []): void {
  const names = new Set([...LOOPBACK, ...hosts.map((host) => host.toLowerCase())]);
  const host = headers.get("host");
  if (host === null || !names.has(nameOf(`http://${host}`) ?? "")) {
    throw new MeshError("refused", "This is not a name of the admin surface");
  }
  const origin = headers.get("origin");
  if (origin !== null && origin.replace(/^https?:\/\//, "") !== host) {
    throw new MeshError("refused", "Pages of other sites may not ask");
  }
  // Sent by browsers only, also where there is no Origin.
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") {
    throw new MeshError("refused", "Pages of other sites may not ask");
  }
}

/**
 * Whether a request carries the token, as `Authorization: Bearer`. How long it takes to say no tells
 * nothing about the token.
 *
 * @param headers The request's headers.
 * @param token The token.
 * @returns Whether it does.
 */
export function hasToken(headers: Headers, token: string): boolean {
  const [, given = ""] = /^Bearer +([!-~]+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  const [a, b] = [given, token].map((text) => new TextEncoder().encode(text));
  if (!a || !b || a.length !== b.length) return false;
  return timingSafeEqual(a, b);
}

function nameOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed || parsed.username !== "" || parsed.password !== "") return undefined;
  return parsed.hostname.toLowerCase();
}
