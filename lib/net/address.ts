/**
 * What kind of address a connection would go to. Peers choose URLs, so a name of theirs must not lead us
 * to services of this machine or to a cloud's metadata address.
 *
 * @module
 */

/** `unusable` is the unspecified address, multicast, broadcast and what is reserved. */
export type AddressKind = "loopback" | "link-local" | "private" | "public" | "unusable";

/**
 * Classifies a literal IP address.
 *
 * @param ip An IPv4 or IPv6 address without brackets; an IPv4 address inside IPv6 is judged as IPv4.
 * @returns Its kind; `unusable` for text that is no address.
 *
 * @example
 * ```ts
 * import { addressKind } from "./address.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(addressKind("192.168.1.7"), "private");
 * assertEquals(addressKind("::ffff:127.0.0.1"), "loopback");
 * assertEquals(addressKind("169.254.169.254"), "link-local");
 * ```
 */
export function addressKind(ip: string): AddressKind {
  const v4 = parseIPv4(ip);
  if (v4) return kindOfIPv4(v4);
  const v6 = parseIPv6(ip);
  if (!v6) return "unusable";
  const leading = v6.slice(0, 5).every((word) => word === 0);
  const [w0 = 0, w1 = 0] = v6;
  const [w5 = 0, w6 = 0, w7 = 0] = v6.slice(5);
  const embedded = [w6 >> 8, w6 & 255, w7 >> 8, w7 & 255];
  if (leading && w5 === 0xffff) return kindOfIPv4(embedded);
  if (leading && w5 === 0 && w6 === 0) return w7 === 1 ? "loopback" : "unusable";
  if (w0 === 0x64 && w1 === 0xff9b) return kindOfIPv4(embedded);
  if ((w0 & 0xffc0) === 0xfe80) return "link-local";
  if ((w0 & 0xfe00) === 0xfc00) return "private";
  return (w0 & 0xff00) === 0xff00 ? "unusable" : "public";
}

/**
 * Parses dotted-quad IPv4.
 *
 * @param text Four decimal numbers with dots.
 * @returns The four bytes, or `undefined`.
 */
export function parseIPv4(text: string): number[] | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split(".").map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIPv6(text: string): number[] | undefined {
  let source = text.replace(/%.*$/, "");
  const tail = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(source);
  if (tail) {
    const bytes = parseIPv4(tail[2] ?? "");
    if (!bytes) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    source = `${tail[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const words = (half: string | undefined) => half ? half.split(":") : [];
  const head = words(halves[0]);
  const rest = words(halves[1]);
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<string>(missing).fill("0"), ...rest];
  if (!all.every((word) => /^[0-9a-fA-F]{1,4}$/.test(word))) return undefined;
  return all.map((word) => parseInt(word, 16));
}

function kindOfIPv4([a = 0, b = 0, c = 0]: readonly number[]): AddressKind {
  if (a === 127) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return "private";
  // Carrier-grade NAT, which overlay networks such as Tailscale use for their hosts.
  if (a === 100 && b >= 64 && b <= 127) return "private";
  if (a === 0 || a >= 224 || (a === 192 && b === 0 && c === 0)) return "unusable";
  return "public";
}
