/**
 * How gateways are spoken of: names, standings, keys, grants.
 *
 * @module
 */
import type { Federation } from "../../../lib/ogp/peers.ts";
import type { PeerHealth } from "../../../lib/ogp/records.ts";
import { describeScope, type ScopeGrants, V01_GRANTS } from "../../../lib/ogp/scopes.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { ago, short } from "../../text.ts";
import { keyFingerprint } from "./peer_document.ts";

/** A name and a value, for {@link printRows}. */
export type Row = readonly [name: string, value: string | undefined];

/** What names a gateway. */
type Named = Pick<Federation, "id" | "alias" | "displayName">;

/**
 * A gateway's name for a sentence: ours for it, with its own behind.
 *
 * @param named The gateway.
 * @returns One line, safe to print.
 */
export function peerLabel({ alias, displayName }: Named): string {
  return safeText(
    alias === undefined || alias === displayName ? displayName : `${alias} (${displayName})`,
  );
}

/**
 * What to type to mean a gateway: a name that a shell takes as it is.
 *
 * @param named The gateway.
 * @returns Its alias, its id, or its key.
 */
export function peerWord({ id, alias, publicKey }: Named & Pick<Federation, "publicKey">): string {
  return [alias, id].find((name) => name !== undefined && /^[\w.@:+-]+$/.test(name)) ?? publicKey;
}

/**
 * Where a gateway stands, and by whose doing.
 *
 * @param federation The gateway.
 * @returns A few words.
 */
export function standingWords({ status, direction, peer }: Federation): string {
  switch (status) {
    case "approved":
      return peer?.removalClaimedAt ? "approved; says it left" : "approved";
    case "pending":
      return direction === "incoming" ? "pending: asks us" : "pending: we asked";
    case "rejected":
      return direction === "incoming" ? "rejected by us" : "rejected by it";
    case "removed":
      return peer?.removedBy === "them" ? "removed by it" : "removed by us";
  }
}

/**
 * When a peer was last heard of.
 *
 * @param health What is known.
 * @returns A few words; nothing where nobody has looked yet.
 */
export function healthWords(health: PeerHealth | undefined): string {
  if (health === undefined) return "";
  const seen = health.lastSeenAt === undefined ? "never" : ago(new Date(health.lastSeenAt));
  return isUnreachable(health) ? `unreachable, seen ${seen}` : seen;
}

/**
 * Whether a peer did not answer when it was last looked at.
 *
 * @param health What is known.
 * @returns `false` where nobody has looked yet.
 */
export function isUnreachable(health: PeerHealth | undefined): boolean {
  return health !== undefined && health.failures.length > 0;
}

/**
 * Prints rows of a name and a value, indented.
 *
 * @param terminal Where to.
 * @param rows Names and values; a row without a value is left out.
 */
export function printRows(
  terminal: Terminal,
  rows: readonly Row[],
): void {
  const shown = rows.filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  for (const [name, value] of shown) {
    terminal.line(`  ${name.padEnd(width)}  ${safeText(value ?? "")}`);
  }
}

/**
 * The rows that say who a gateway is.
 *
 * @param federation The gateway.
 * @returns URL, key, fingerprint, people.
 */
export async function identityRows(federation: Federation): Promise<Row[]> {
  const { gatewayUrl, publicKey, email, humanName, agentName, organization } = federation;
  return [
    ["url", gatewayUrl],
    ["key", publicKey],
    ["fingerprint", short(await keyFingerprint(publicKey))],
    ["id", federation.id],
    ["owner", [humanName, organization, email].filter(Boolean).join(", ")],
    ["agent", agentName],
  ];
}

/**
 * The rows that say what a peer may do here, one a scope.
 *
 * @param grants Its grants; `null` for a v0.1 peer.
 * @returns The rows.
 */
export function grantRows(grants: ScopeGrants | null): Row[] {
  const scopes = (grants ?? V01_GRANTS).scopes.map((scope) => describeScope(scope, new Date()));
  if (scopes.length === 0) return [["may send", "nothing"]];
  return scopes.map((scope, i): Row => [i === 0 ? "may send" : "", scope]);
}
