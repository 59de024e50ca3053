/** What `mesh ogp status` does. @module */
import { format as bytes } from "@std/fmt/bytes";
import type { OgpNode } from "../../lib/ogp/node.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { pauseWords } from "../pause_words.ts";
import { safeText } from "../terminal.ts";
import { ago } from "../text.ts";
import { openGateway } from "./gateway.ts";
import { type PeerUsage, type Survey, survey } from "./survey.ts";

/**
 * Shows the gateway.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const page = await survey(node);
  terminal.document(documentOf(node, page));
  for (const [label, ...lines] of rowsOf(node, page)) {
    for (const [i, text] of lines.entries()) {
      terminal.line(`${(i === 0 ? label : "").padEnd(13)}${safeText(text)}`.trimEnd());
    }
  }
}

type Row = readonly [label: string, ...lines: string[]];

function rowsOf(node: OgpNode, page: Survey): Row[] {
  const { config } = node;
  const openclaw = config.openclawUrl ?? "no URL";
  return [
    ["gateway", `${node.displayName} (${page.id})`],
    [
      "url",
      config.gatewayUrl ?? "not set, so peers cannot answer: mesh ogp setup --gateway-url URL",
    ],
    ["key", page.publicKey],
    ["daemon", ...daemonLines(page)],
    ["listens", listens(node)],
    ["email", config.email || "not set"],
    ["openclaw", `${openclaw}, token ${config.openclawToken ? "set" : "not set"}`],
    ["peers", ...peerLines(page)],
    ["queue", queueLine(page)],
    ["outgoing", page.pause ? `${pauseWords(page.pause)}: mesh resume` : "goes out"],
    ["today", ...usageLines(page.usage)],
    ["heartbeat", heartbeatLine(page)],
    ["state", node.state.root],
  ];
}

function listens({ config }: OgpNode): string {
  const beside = config.onMeshPort ? ", and beside Agent Mesh V1 in mesh serve" : "";
  return `on ${config.host} port ${config.daemonPort}${beside}, as configured`;
}

function daemonLines({ listeners: { daemons, port } }: Survey): string[] {
  if (daemons.length > 0) {
    return daemons.map(({ name, pid, host, port, started_at }) => {
      const what = name === "serve" ? "mesh serve" : "runs";
      return `${what}: process ${pid}, on ${host} port ${port}, started ${
        ago(new Date(started_at))
      }`;
    });
  }
  const stopped = "does not run: mesh ogp start --background";
  switch (port?.answer.kind) {
    case "us":
      return [`runs at ${port.url}, started from another state directory or program`];
    case "gateway":
      return [`does not run, and another gateway, "${port.answer.displayName}", is at ${port.url}`];
    case "other":
      return [`does not run, and something that is no gateway is at ${port.url}`];
    default:
      return [stopped];
  }
}

function peerLines({ peers }: Survey): string[] {
  const parts = [
    `${peers.approved} approved`,
    ...some(peers.asked, "asked by us and waiting"),
    ...some(peers.rejected, "rejected"),
    ...some(peers.removed, "removed"),
  ];
  const asking = peers.asking === 1 ? "1 gateway asks" : `${peers.asking} gateways ask`;
  return [
    parts.join(", "),
    ...(peers.asking > 0 ? [`${asking}: mesh ogp federation list --status pending`] : []),
  ];
}

function queueLine({ queue: { waiting, dead } }: Survey): string {
  if (waiting + dead === 0) return "empty";
  return [...some(waiting, "waiting"), ...some(dead, "given up")].join(", ") +
    ": mesh queue list";
}

function usageLines(usage: readonly PeerUsage[]): [string, ...string[]] {
  const lines = usage.map(({ name, in: incoming, out, limit }) =>
    `${name}: ${incoming.messages} in, ${out.messages} out, of ${limit.messages} each; ` +
    `${bytes(incoming.bytes)} in, ${bytes(out.bytes)} out, of ${bytes(limit.bytes)}`
  );
  const [first = "no messages yet", ...rest] = lines;
  return [first, ...rest];
}

function heartbeatLine({ heartbeat: { everyMinutes, answering, silent } }: Survey): string {
  if (everyMinutes === 0) return "off";
  const seen = answering + silent.length === 0
    ? "nobody was looked at yet"
    : `${answering} of ${answering + silent.length} answered last time`;
  const without = silent.length > 0 ? `, not ${silent.slice(0, 5).join(", ")}` : "";
  return `every ${everyMinutes} min; ${seen}${without}`;
}

function some(count: number, what: string): string[] {
  return count > 0 ? [`${count} ${what}`] : [];
}

function documentOf(node: OgpNode, page: Survey): Record<string, unknown> {
  const { openclawToken, ...config } = node.config;
  const { daemons, port } = page.listeners;
  const running = daemons.length > 0 || port?.answer.kind === "us";
  return {
    ok: true,
    id: page.id,
    displayName: node.displayName,
    publicKey: page.publicKey,
    state_dir: node.state.root,
    config: { ...config, openclawToken: openclawToken ? "set" : "not set" },
    daemon: { running, processes: daemons, ...(port ? { port } : {}) },
    peers: page.peers,
    queue: page.queue,
    paused: page.pause ?? null,
    usage: page.usage,
    heartbeat: page.heartbeat,
  };
}
