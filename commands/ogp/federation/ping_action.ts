/** What `mesh ogp federation ping` does. @module */
import { exitCodeOf, MeshError } from "../../../lib/error.ts";
import { baseUrl } from "../../../lib/ogp/names.ts";
import { findFederation, listFederation } from "../../../lib/ogp/peers.ts";
import type { OgpState } from "../../../lib/ogp/state.ts";
import type { ActionContext } from "../../define.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { short } from "../../text.ts";
import { openGatewayState } from "../gateway.ts";
import type { PingFlags } from "./contacts.ts";
import { gatewayUrl } from "./gateway_url.ts";
import { keyFingerprint, peerDocument } from "./peer_document.ts";
import { printRows, standingWords } from "./peer_words.ts";
import { pingGateway, type Pong } from "./ping.ts";
import { otherKeysAt, warnOfOtherKey } from "./warnings.ts";

/** Seconds between two clocks from which on messages may be refused soon: the limit is 300. */
const CLOCK_WARNING = 60;

/**
 * Tests the way to a gateway.
 *
 * @param context The terminal.
 * @param flags How long to wait.
 * @param target Its URL or name.
 * @returns 5 if a peer's URL shows another key than the peer's.
 */
export default async function (
  context: ActionContext,
  flags: PingFlags,
  target: string,
): Promise<number> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const base = await baseOf(state, target);
  terminal.progress(`Asking ${base} …`);
  const pong = await pingGateway(base, flags.timeout);
  const { card, version, dialect, intents, features } = pong.fetched;
  const known = await listFederation(state);
  const same = known.find(({ publicKey }) => publicKey === card.publicKey);
  const others = otherKeysAt(known, base, card.publicKey);
  const fingerprint = await keyFingerprint(card.publicKey);
  terminal.document({
    ok: others.length === 0,
    url: base,
    ...card,
    fingerprint,
    ...{ version, dialect, intents, features },
    millis: pong.millis,
    clockAhead: pong.clockAhead,
    peer: same ? await peerDocument(same) : null,
    keyChangedOf: others.map(({ id }) => id),
  });
  terminal.line(
    `${safeText(card.displayName)} answers at ${safeText(base)} in ${pong.millis} ms.`,
  );
  printRows(terminal, [
    ["key", card.publicKey],
    ["fingerprint", short(fingerprint)],
    ["calls itself", card.gatewayUrl === base ? undefined : card.gatewayUrl],
    ["version", version],
    ["takes", intents.join(", ")],
    ["standing", same ? standingWords(same) : "unknown"],
  ]);
  warnOfOtherKey(terminal, base, others);
  warnOfClock(terminal, pong);
  if (!same && others.length === 0 && !terminal.json) {
    terminal.note(`next: mesh ogp federation request ${base}`);
  }
  return others.length === 0 ? 0 : exitCodeOf(new MeshError("key_changed", "Another key"));
}

/** A name that is known wins over a host of that name; a URL is a URL. */
async function baseOf(state: OgpState, target: string): Promise<string> {
  if (target.includes("://")) return gatewayUrl(target);
  try {
    return baseUrl((await findFederation(state, target)).gatewayUrl);
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "not_found") throw error;
    return gatewayUrl(target);
  }
}

function warnOfClock(terminal: Terminal, { clockAhead = 0 }: Pong): void {
  const seconds = Math.abs(clockAhead);
  if (seconds < CLOCK_WARNING) return;
  terminal.warn(
    `Its clock is ${seconds} s ${clockAhead > 0 ? "ahead of" : "behind"} ours; ` +
      "beyond 300 s each side refuses the other's messages.",
  );
}
