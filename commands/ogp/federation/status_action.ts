/** What `mesh ogp federation status` does. @module */
import { type Delivery, listDeliveries } from "../../../lib/delivery/find.ts";
import { readPause } from "../../../lib/delivery/pause.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import { type Federation, listFederation } from "../../../lib/ogp/peers.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { ago } from "../../text.ts";
import { openGateway } from "../gateway.ts";
import { type Budget, budgetsOfToday, printBudgets } from "./budgets.ts";
import { peerDocument, readAllHealth } from "./peer_document.ts";
import { healthWords, isUnreachable, peerLabel, peerWord } from "./peer_words.ts";

/** Most lines of one kind; the rest is counted. */
const SHOWN = 10;

/** What the page is made of. */
interface Page {
  readonly all: readonly Federation[];
  readonly asking: readonly Federation[];
  readonly asked: readonly Federation[];
  readonly unreachable: readonly Federation[];
  readonly deliveries: readonly Delivery[];
  readonly budgets: readonly Budget[];
  readonly pausedSince: string | undefined;
}

/**
 * Prints the page.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const health = await readAllHealth(node.state);
  const all = await listFederation(node.state);
  const approved = all.filter(({ status }) => status === "approved");
  const page: Page = {
    all,
    asking: all.filter(({ status, direction }) => status === "pending" && direction === "incoming"),
    asked: all.filter(({ status, direction }) => status === "pending" && direction === "outgoing"),
    unreachable: approved.filter(({ publicKey }) => isUnreachable(health(publicKey))),
    deliveries: (await listDeliveries(node.state)).filter(({ entry }) =>
      entry.protocol.startsWith("ogp")
    ),
    budgets: await budgetsOfToday(node, approved),
    pausedSince: (await readPause(node.state.store))?.since,
  };
  if (terminal.json) terminal.document(await pageDocument(node, page, health));
  else printPage(terminal, node, page, health);
}

type Health = Awaited<ReturnType<typeof readAllHealth>>;

function countOf(all: readonly Federation[], wanted: Federation["status"]): number {
  return all.filter(({ status }) => status === wanted).length;
}

async function pageDocument(node: OgpNode, page: Page, health: Health): Promise<unknown> {
  const { all, asking, asked, unreachable, deliveries, budgets, pausedSince } = page;
  const documents = (some: readonly Federation[]) =>
    Promise.all(some.map((one) => peerDocument(one, health(one.publicKey))));
  return {
    displayName: node.displayName,
    gatewayUrl: node.config.gatewayUrl ?? null,
    counts: {
      approved: countOf(all, "approved"),
      pending: countOf(all, "pending"),
      rejected: countOf(all, "rejected"),
      removed: countOf(all, "removed"),
    },
    asking: await documents(asking),
    asked: await documents(asked),
    unreachable: await documents(unreachable),
    deliveries: {
      waiting: deliveries.filter(({ state }) => state === "waiting").length,
      dead: deliveries.filter(({ state }) => state === "dead").length,
    },
    pausedSince: pausedSince ?? null,
    budgets,
    loopLimits: node.config.loopLimits,
  };
}

function printPage(terminal: Terminal, node: OgpNode, page: Page, health: Health): void {
  const { all, asking, asked, unreachable, deliveries, budgets, pausedSince } = page;
  const url = node.config.gatewayUrl ?? "no URL yet: mesh ogp setup";
  terminal.line(`${safeText(node.displayName)}, ${safeText(url)}`);
  const standings = ["approved", "pending", "rejected", "removed"] as const;
  terminal.line(`  ${standings.map((one) => `${countOf(all, one)} ${one}`).join(", ")}`);
  if (pausedSince !== undefined) {
    terminal.warn(`Everything outgoing is paused since ${ago(new Date(pausedSince))}: mesh resume`);
  }
  section(
    terminal,
    "Waiting for your decision",
    asking,
    (one) =>
      `${peerLabel(one)}, ${safeText(one.gatewayUrl)}, asked ` +
      `${ago(new Date(one.incoming?.receivedAt ?? ""))}: mesh ogp federation approve ${
        peerWord(one)
      }`,
  );
  section(
    terminal,
    "Waiting for theirs",
    asked,
    (one) =>
      `${peerLabel(one)}, ${safeText(one.gatewayUrl)}, asked ` +
      ago(new Date(one.outgoing?.requestedAt ?? "")),
  );
  section(terminal, "Unreachable", unreachable, (one) => {
    const { lastError } = health(one.publicKey) ?? {};
    return `${peerLabel(one)}, ${healthWords(health(one.publicKey))}: ${
      safeText(lastError ?? "?")
    }`;
  });
  printDeliveries(terminal, deliveries);
  printBudgets(terminal, budgets, SHOWN);
}

function section(
  terminal: Terminal,
  title: string,
  some: readonly Federation[],
  line: (one: Federation) => string,
): void {
  if (some.length === 0) return;
  terminal.line(`${title}:`);
  for (const one of some.slice(0, SHOWN)) terminal.line(`  ${line(one)}`);
  if (some.length > SHOWN) {
    terminal.line(`  and ${some.length - SHOWN} more: mesh ogp federation list`);
  }
}

function printDeliveries(terminal: Terminal, deliveries: readonly Delivery[]): void {
  if (deliveries.length === 0) return;
  const dead = deliveries.filter(({ state }) => state === "dead").length;
  terminal.line(
    `To be delivered: ${deliveries.length - dead} waiting, ${dead} given up: mesh queue list`,
  );
}
