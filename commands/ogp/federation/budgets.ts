/**
 * How much of today's budgets of messages and bytes is used, peer by peer.
 *
 * @module
 */
import { format } from "@std/fmt/bytes";
import type { LoopUsage } from "../../../lib/ogp/loop_guard.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import type { Federation } from "../../../lib/ogp/peers.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import type { Terminal } from "../../terminal.ts";
import { peerLabel } from "./peer_words.ts";

/** What a peer has used today. */
export interface Budget extends LoopUsage {
  /** The peer's id. */
  readonly id: string;
  /** The owner's name for it. */
  readonly alias: string | null;
  /** Its own name. */
  readonly displayName: string;
  /** The fullest of its budgets, 0 to 1. */
  readonly share: number;
}

/** Peers that are looked at side by side. */
const AT_ONCE = 16;

/**
 * What peers have used today.
 *
 * @param node The gateway.
 * @param peers The peers.
 * @returns Those that used anything, the fullest first.
 */
export async function budgetsOfToday(
  node: OgpNode,
  peers: readonly Federation[],
): Promise<Budget[]> {
  const budgets: Budget[] = [];
  for (let i = 0; i < peers.length; i += AT_ONCE) {
    const some = peers.slice(i, i + AT_ONCE).map((peer) => budgetOf(node, peer));
    budgets.push(...await Promise.all(some));
  }
  return budgets.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
}

/**
 * Prints budgets as a table.
 *
 * @param terminal Where to.
 * @param budgets The budgets.
 * @param shown Most rows.
 */
export function printBudgets(
  terminal: Terminal,
  budgets: readonly Budget[],
  shown: number,
): void {
  if (budgets.length === 0) return;
  terminal.line();
  terminal.table(
    ["USED TODAY (UTC)", "RECEIVED", "SENT", "OF"].map((title) => ({ title })),
    budgets.slice(0, shown).map((budget) => [
      `${peerLabel({ ...budget, alias: budget.alias ?? undefined })}, ${percent(budget.share)}`,
      tallyText(budget.in),
      tallyText(budget.out),
      tallyText(budget.limit),
    ]),
  );
  if (budgets.length > shown) terminal.line(`and ${budgets.length - shown} more with less`);
}

async function budgetOf(node: OgpNode, peer: Federation): Promise<Budget> {
  const usage = await node.loopGuard.usage(peerName(peer.publicKey), node.now());
  const { in: received, out: sent, limit } = usage;
  const share = Math.max(
    received.messages / limit.messages,
    sent.messages / limit.messages,
    received.bytes / limit.bytes,
    sent.bytes / limit.bytes,
  );
  const { id, alias, displayName } = peer;
  return { id, alias: alias ?? null, displayName, share, ...usage };
}

function tallyText({ messages, bytes }: LoopUsage["limit"]): string {
  return `${messages} messages, ${format(bytes)}`;
}

function percent(share: number): string {
  return share < 0.01 ? "under 1 %" : `${Math.floor(share * 100)} %`;
}
