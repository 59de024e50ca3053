/**
 * How gateways are addressed: what a peer calls us, what we call a peer, and where it listens.
 *
 * @module
 */
import { parsePeerUrl } from "../net/post.ts";
import { ownKey, ownKeyPrefix } from "./card.ts";
import { hostPort, ID_DIGITS, keyId } from "./names.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer } from "./records.ts";

/**
 * What a peer may know us by, the likeliest first: what it was seen to know us by, then the habit of its
 * dialect, then that of the other one.
 *
 * @param node This gateway.
 * @param peer The peer.
 * @returns At least one name, each once.
 */
export function ownNames(node: OgpNode, peer: OgpPeer): string[] {
  const byUrl = node.config.gatewayUrl && hostPort(node.config.gatewayUrl);
  const byKey = ownKeyPrefix(node);
  const habits = peer.dialect === "0.2" ? [byUrl, byKey] : [byKey, byUrl];
  const names = [peer.knowsUsAs, ...habits].filter((name) => name !== undefined);
  return [...new Set(names.filter((name) => name !== ""))];
}

/**
 * Whether a name that a peer uses is one of ours.
 *
 * @param node This gateway.
 * @param peer The peer.
 * @param name The name.
 * @returns Whether it is the beginning of our key (32 digits or more), or a name of {@link ownNames}.
 */
export function isOwnName(node: OgpNode, peer: OgpPeer, name: string): boolean {
  const wanted = name.toLowerCase();
  if (wanted.length >= ID_DIGITS && ownKey(node).startsWith(wanted)) return true;
  return ownNames(node, peer).some((own) => own.toLowerCase() === wanted);
}

/**
 * What a peer calls itself.
 *
 * @param peer The peer.
 * @returns Host and port of its URL for a 0.2 gateway, else the first 32 digits of its key.
 */
export function peerAddress({ dialect, gatewayUrl, publicKey }: OgpPeer): string {
  return dialect === "0.2" ? hostPort(gatewayUrl) : keyId(publicKey);
}

/**
 * The URL of one of a peer's calls.
 *
 * @param peer The peer.
 * @param call Such as `message` or `reply/<nonce>`, escaped as a URL needs it.
 * @returns The URL, or `undefined` if the peer's URL cannot be used.
 */
export function federationUrl(
  { gatewayUrl }: Pick<OgpPeer, "gatewayUrl">,
  call: string,
): URL | undefined {
  try {
    return parsePeerUrl(`${gatewayUrl.replace(/\/+$/, "")}/federation/${call}`);
  } catch {
    return undefined;
  }
}
