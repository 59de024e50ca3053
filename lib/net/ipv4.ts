/**
 * IPv4 addresses as unsigned 32-bit numbers, so that networks and ranges are arithmetic.
 *
 * @module
 */
import { parseIPv4 } from "./address.ts";

/**
 * Reads a dotted quad.
 *
 * @param text Four decimal numbers with dots. Leading zeros are refused: some programs read them as octal.
 * @returns The address, 0 to 2^32 - 1, or `undefined` if the text is no address.
 *
 * @example
 * ```ts
 * import { ipv4FromText, ipv4ToText } from "./ipv4.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ipv4FromText("192.168.1.7"), 3232235783);
 * assertEquals(ipv4FromText("192.168.1.07"), undefined);
 * assertEquals(ipv4ToText(3232235783), "192.168.1.7");
 * ```
 */
export function ipv4FromText(text: string): number | undefined {
  if (/(^|\.)0\d/.test(text)) return undefined;
  const bytes = parseIPv4(text);
  return bytes?.reduce((address, byte) => address * 256 + byte, 0);
}

/**
 * Writes a dotted quad.
 *
 * @param address The address, 0 to 2^32 - 1.
 * @returns Its text.
 */
export function ipv4ToText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** The first and the last address of a stretch, both included. */
export interface Ipv4Span {
  /** The lowest address. */
  readonly first: number;
  /** The highest address. */
  readonly last: number;
}

/**
 * All addresses of the network that an address is in, its own and the broadcast address included.
 *
 * @param address Any address of the network.
 * @param prefix How many leading bits the network has, 0 to 32.
 * @returns The network's addresses.
 *
 * @example
 * ```ts
 * import { ipv4FromText, ipv4ToText, networkSpan } from "./ipv4.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { first, last } = networkSpan(ipv4FromText("10.1.2.3")!, 22);
 * assertEquals([ipv4ToText(first), ipv4ToText(last)], ["10.1.0.0", "10.1.3.255"]);
 * ```
 */
export function networkSpan(address: number, prefix: number): Ipv4Span {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

/**
 * The prefix length that a netmask stands for.
 *
 * @param mask A netmask such as `255.255.252.0`.
 * @returns 0 to 32, or `undefined` if it is no mask of leading ones.
 */
export function prefixOfMask(mask: string): number | undefined {
  const bits = ipv4FromText(mask);
  if (bits === undefined) return undefined;
  const prefix = 32 - Math.log2(2 ** 32 - bits);
  return Number.isInteger(prefix) ? prefix : undefined;
}
