/**
 * Which address a request comes from, also through a tunnel program or a reverse proxy on this machine.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { addressKind } from "../lib/net/address.ts";

/** Where a request comes from. */
export interface ClientAddress {
  /** The address. */
  readonly address: string;
  /** Whether it is a program of this machine that speaks for itself. */
  readonly local: boolean;
}

/**
 * The address of a request's client. What a header says counts only on connections of this machine itself:
 * there a tunnel or a proxy adds the address that it saw, and of several the last one is its own word.
 * Cloudflare's header is looked at only where there is no such word: other programs pass on what a client
 * wrote into it.
 *
 * @param incoming The request.
 * @returns The address.
 */
export function clientAddress(
  incoming: Pick<IncomingMessage, "socket" | "headers">,
): ClientAddress {
  const address = incoming.socket.remoteAddress ?? "unknown";
  if (addressKind(address) !== "loopback") return { address, local: false };
  const told = [incoming.headers["x-forwarded-for"], incoming.headers["cf-connecting-ip"]].flat();
  for (const header of told) {
    const last = header?.split(",").at(-1)?.trim() ?? "";
    if (addressKind(last) === "public" || addressKind(last) === "private") {
      return { address: last, local: false };
    }
  }
  return { address, local: told.every((header) => header === undefined) };
}
