/** What `mesh ogp agent-comms activity` does. @module */
import type { ActivityEntry } from "../../../lib/ogp/activity/activity_entry.ts";
import { followActivity } from "../../../lib/ogp/activity/follow_activity.ts";
import { type ActivityFilter, readActivity } from "../../../lib/ogp/activity/read_activity.ts";
import { listFederation } from "../../../lib/ogp/peers.ts";
import { activityLogging } from "../../../lib/ogp/policies/resolve.ts";
import type { OgpState } from "../../../lib/ogp/state.ts";
import { fromPlain } from "../../../lib/signing/json_plain.ts";
import { printJson } from "../../../lib/signing/json_print.ts";
import type { ActionContext } from "../../define.ts";
import { interruption } from "../../interrupt.ts";
import { asciiJson, safeText, type Terminal } from "../../terminal.ts";
import { localTime } from "../../text.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { openGatewayState } from "../gateway.ts";
import { findHolder, type Holder } from "./holders.ts";
import type { ActivityFlags } from "./looking.ts";

type Known = ReadonlyMap<string, Pick<Holder, "id" | "alias" | "displayName">>;

/**
 * Shows the log.
 *
 * @param context The terminal.
 * @param flags How much of it.
 * @param selector Only about this peer.
 */
export default async function (
  context: ActionContext,
  flags: ActivityFlags,
  selector?: string,
): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const publicKey = selector === undefined
    ? undefined
    : (await findHolder(state, selector)).publicKey;
  const filter = { publicKey, last: flags.last };
  const known = await knownPeers(state);
  if (flags.follow) return await follow(terminal, state, filter, known);
  const { entries } = await readActivity(state, filter);
  terminal.document(entries.map((entry) => documentOf(entry, known)));
  if (terminal.json) return;
  for (const entry of entries) terminal.line(lineOf(entry, known));
  if (entries.length === 0) terminal.line("No activity.");
  await noteIfOff(terminal, state);
}

async function follow(
  terminal: Terminal,
  state: OgpState,
  filter: ActivityFilter,
  known: Known,
): Promise<void> {
  using stop = interruption();
  await noteIfOff(terminal, state);
  let peers = known;
  for await (const entry of followActivity(state, filter, { signal: stop.signal })) {
    if (!peers.has(entry.publicKey)) peers = await knownPeers(state);
    if (terminal.json) {
      terminal.raw(`${asciiJson(printJson(fromPlain(documentOf(entry, peers))))}\n`);
    } else terminal.line(lineOf(entry, peers));
    if (terminal.unheard) return;
  }
}

async function noteIfOff(terminal: Terminal, state: OgpState): Promise<void> {
  if (await activityLogging(state) !== "off") return;
  terminal.note("The log is off: mesh ogp agent-comms logging on");
}

async function knownPeers(state: OgpState): Promise<Known> {
  return new Map((await listFederation(state)).map((one) => [one.publicKey, one]));
}

function documentOf(entry: ActivityEntry, known: Known): Record<string, unknown> {
  const peer = known.get(entry.publicKey);
  return { ...entry, id: peer?.id ?? null, alias: peer?.alias ?? null };
}

/** Such as `2026-03-12 18:05  in   stan → testing [FULL] accepted: How do you …` */
function lineOf(entry: ActivityEntry, known: Known): string {
  const { at, direction, publicKey, name, topic, level, priority, outcome, preview } = entry;
  const way = direction === "in" ? "in   " : "out  ";
  const arrow = direction === "in" ? "→" : "←";
  const peer = known.get(publicKey);
  const words = [
    localTime(new Date(at)) + " ",
    way + (peer ? peerLabel(peer) : name),
    ...(topic === undefined ? [] : [`${arrow} ${topic}`]),
    ...(level === undefined ? [] : [`[${level.toUpperCase()}]`]),
    ...(priority === undefined ? [] : [`[${priority}]`]),
    outcome,
  ];
  return safeText(words.join(" ") + (preview === undefined ? "" : `: ${preview}`));
}
