/**
 * Whom a delivery goes to, by a name that its owner knows.
 *
 * @module
 */
import type { OutboxEntry } from "../delivery/outbox.ts";
import type { OgpState } from "./state.ts";

/**
 * What the recipient of a delivery is called here.
 *
 * @param gateways The state of OGP, if it can be opened.
 * @param entry The delivery's protocol and recipient.
 * @returns An agent's id; for a gateway its alias or name, else the beginning of its key; `the agent` for
 * what is handed to the owner's own.
 */
export async function recipientName(
  gateways: Pick<OgpState, "peers" | "requestsOut" | "requestsIn"> | undefined,
  { protocol, to }: Pick<OutboxEntry, "protocol" | "to">,
): Promise<string> {
  if (protocol === "handover") return "the agent";
  if (!isOgp(protocol)) return to;
  for (const records of [gateways?.peers, gateways?.requestsIn, gateways?.requestsOut]) {
    const known = await records?.get(to);
    if (known) return known.alias ?? known.displayName;
  }
  return to.slice(0, 16);
}

/**
 * Whether a delivery is one of OGP.
 *
 * @param protocol The entry's protocol.
 * @returns Whether it is.
 */
export function isOgp(protocol: string): boolean {
  return protocol === "ogp" || protocol.startsWith("ogp-");
}
