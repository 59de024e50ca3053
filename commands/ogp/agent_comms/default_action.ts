/** What `mesh ogp agent-comms default` does. @module */
import { listFederation } from "../../../lib/ogp/peers.ts";
import { setDefaultLevel } from "../../../lib/ogp/policies/changes.ts";
import { type Level, meaningOf } from "../../../lib/ogp/policies/level.ts";
import type { PolicyRecord } from "../../../lib/ogp/policies/policy_record.ts";
import { GLOBAL } from "../../../lib/ogp/policies/policy_store.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { openGatewayState } from "../gateway.ts";
import { type HolderPolicies, ownPolicies } from "./all_policies.ts";
import { sorted } from "./policy_words.ts";

/**
 * Sets the level of topics that no policy names.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param level The level.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  level: Level,
): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const all = await setDefaultLevel(state, GLOBAL, level);
  const holders = await ownPolicies(state, await listFederation(state));
  const open = openTopics(all);
  terminal.document({ defaultLevel: level, openTopics: open });
  terminal.line(`Default level: ${level}.`);
  terminal.line(`Messages about topics that no policy names are ${meaningOf(level)}.`);
  if (level === "off") explainOff(terminal, open, holders);
  const others = holders.filter(({ record }) => record.defaultLevel !== undefined);
  if (others.length === 0) return;
  const names = others.map(({ holder, record }) => `${peerLabel(holder)} (${record.defaultLevel})`);
  terminal.note(`Peers with a default of their own keep it: ${names.join(", ")}`);
}

/** Default-deny: what it means, and what is left. */
function explainOff(
  terminal: Terminal,
  open: readonly string[],
  holders: readonly HolderPolicies[],
): void {
  terminal.line("They are not stored, and your agent does not learn of them.");
  const rows = holders.map(({ holder, record }) => [peerLabel(holder), openTopics(record)] as const)
    .filter(([, topics]) => topics.length > 0);
  if (open.length > 0) terminal.line(`Open to all peers: ${list(open)}`);
  for (const [label, topics] of rows) terminal.line(`Open to ${label}: ${list(topics)}`);
  if (open.length > 0 || rows.length > 0) return;
  terminal.line("No topic is open.");
  terminal.note("open one: mesh ogp agent-comms configure --global --topics general");
}

function openTopics({ topics }: PolicyRecord): string[] {
  return sorted(topics).filter(([, { level }]) => level !== "off").map(([topic]) => topic);
}

function list(topics: readonly string[]): string {
  return topics.map(safeText).join(", ");
}
