/**
 * Warnings of what is suspicious about a gateway: strong words, since what is done next is trusting it.
 *
 * @module
 */
import { baseUrl } from "../../../lib/ogp/names.ts";
import type { Federation } from "../../../lib/ogp/peers.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { ago } from "../../text.ts";
import { peerLabel, standingWords } from "./peer_words.ts";

/** Most others that are named. */
const SHOWN = 5;

/**
 * Warns of what is suspicious about a gateway.
 *
 * @param terminal Where to.
 * @param federation The gateway.
 */
export function warnAbout(terminal: Terminal, federation: Federation): void {
  const { incoming, gatewayUrl, peer } = federation;
  const label = peerLabel(federation);
  if (incoming?.claimsUrlOf?.length) {
    const others = incoming.claimsUrlOf.map(safeText).join(", ");
    terminal.warn(
      `${label} HAS ANOTHER KEY than ${others}, whose URL ${safeText(gatewayUrl)} it claims. ` +
        `Either that gateway has a new key, or SOMEBODY ELSE POSES AS IT. ` +
        `Ask its owner by another way before you believe it.`,
    );
  }
  if (peer?.removalClaimedAt) {
    terminal.warn(
      `${label} said ${ago(new Date(peer.removalClaimedAt))} that it ended the federation; ` +
        `it could not be confirmed at its URL yet.`,
    );
  }
}

/**
 * Warns if others have the same name: names are free to choose, so a name alone does not tell who asked.
 *
 * @param terminal Where to.
 * @param federation The gateway.
 * @param known All gateways.
 */
export function warnOfNamesakes(
  terminal: Terminal,
  federation: Federation,
  known: readonly Federation[],
): void {
  const name = federation.displayName.toLowerCase();
  const others = known.filter((one) =>
    one.publicKey !== federation.publicKey &&
    [one.displayName, one.alias].some((other) => other?.toLowerCase() === name)
  );
  if (others.length === 0) return;
  const list = others.slice(0, SHOWN).map((one) => `${safeText(one.id)} (${standingWords(one)})`);
  terminal.warn(
    `Not the only one called "${safeText(federation.displayName)}": ${list.join(", ")}. ` +
      "Be sure that this is the one you mean.",
  );
}

/**
 * The approved peers whose URL a gateway answers at while having another key.
 *
 * @param known All gateways.
 * @param url The URL.
 * @param publicKey The key that was seen there, as DER.
 * @returns The peers.
 */
export function otherKeysAt(
  known: readonly Federation[],
  url: string,
  publicKey: string,
): Federation[] {
  return known.filter((one) =>
    one.status === "approved" && one.publicKey !== publicKey &&
    baseUrl(one.gatewayUrl) === baseUrl(url)
  );
}

/**
 * Warns that at a peer's URL another key was seen.
 *
 * @param terminal Where to.
 * @param url The URL.
 * @param peers The peers whose URL it is.
 */
export function warnOfOtherKey(
  terminal: Terminal,
  url: string,
  peers: readonly Federation[],
): void {
  for (const peer of peers) {
    terminal.warn(
      `THE KEY IS NOT THE ONE OF ${peerLabel(peer)}, whose URL this is. Either it has a new key, ` +
        `or SOMEBODY ELSE ANSWERS at ${safeText(url)}. Ask its owner by another way.`,
    );
  }
}
