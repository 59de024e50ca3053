/** What `mesh status` does. @module */
import { shortFingerprint } from "../lib/identity/fingerprint.ts";
import { UP } from "../lib/run/run_file.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { logWords } from "./log_words.ts";
import { accountDocument, agentWords, stateWords } from "./ocg/channels/account_words.ts";
import { accountName } from "./ocg_words.ts";
import { type Overview, overview } from "./overview.ts";
import { pauseWords } from "./pause_words.ts";
import { runningName, surfaceName, surfacesOf } from "./running_words.ts";
import { safeText } from "./terminal.ts";
import { agentName, ago } from "./text.ts";

/**
 * Shows the page.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const page = await overview(context, flags);
  terminal.document(documentOf(page));
  const rows = [
    ["node", ...nodeLines(page)],
    ["runs", ...runningLines(page)],
    ["peers", ...peerLines(page)],
    ["queue", queueLine(page)],
    ...(page.channels ? [["channels", ...channelLines(page)]] : []),
    ["agents", ...agentLines(page)],
    ["trouble", ...troubleLines(page)],
    ["state", page.root],
  ];
  for (const [label = "", ...lines] of rows) {
    for (const [i, text] of lines.entries()) {
      terminal.line(`${(i === 0 ? label : "").padEnd(10)}${safeText(text)}`.trimEnd());
    }
  }
}

function nodeLines({ identity, gatewayUrl }: Overview): string[] {
  if (!identity) return ["no identity yet: mesh init"];
  const { endpoint, fingerprint } = identity;
  return [
    `${agentName(identity)}, ${shortFingerprint(fingerprint)}`,
    `found at ${endpoint ?? "no endpoint"}`,
    ...(gatewayUrl === undefined ? [] : [`gateway at ${gatewayUrl}`]),
  ];
}

function runningLines({ running }: Overview): string[] {
  const surfaces = surfacesOf(running);
  if (surfaces.length === 0) return ["nothing: mesh up"];
  const whole = new Set(running.filter(({ name }) => name === UP).map(({ pid }) => pid));
  return surfaces.map(({ name, pid, host, port, started_at }) => {
    const by = whole.has(pid) ? `${runningName({ name: UP })}, ` : "";
    const where = `on ${host} port ${port}`;
    return `${surfaceName(name)} ${where} (${by}process ${pid}), since ${
      ago(new Date(started_at))
    }`;
  });
}

function peerLines(page: Overview): string[] {
  const { agents, gateways, asking, gatewaysAsking, undecided } = page;
  return [
    `${count(agents, "agent")} and ${count(gateways, "gateway")} trusted`,
    ...some(asking, "for contact: mesh list-requests"),
    ...some(gatewaysAsking, "to federate: mesh ogp federation list --status pending"),
    ...(undecided === 0
      ? []
      : [`${count(undecided, "message")} for you to decide: mesh approvals list`]),
  ];
}

function some(number: number, what: string): string[] {
  return number === 0 ? [] : [`${number} ${number === 1 ? "asks" : "ask"} ${what}`];
}

function queueLine({ queue: { waiting, dead }, pause }: Overview): string {
  const parts = [
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(dead > 0 ? [`${dead} given up`] : []),
  ];
  const length = parts.length === 0 ? "empty" : `${parts.join(", ")}: mesh queue list`;
  return pause ? `${length}; everything outgoing is ${pauseWords(pause)}: mesh resume` : length;
}

function channelLines({ channels }: Overview): string[] {
  if (!channels) return [];
  const isRunning = channels.daemons.length > 0;
  const lines = channels.accounts.map((account) => {
    const { channel, account: name, status } = account;
    const why = status?.error === undefined ? "" : `: ${status.error}`;
    return `${accountName(channel, name)}: ${stateWords(account, isRunning)}${why}, ` +
      `→ ${agentWords(account)}`;
  });
  const people = channels.asking === 0
    ? []
    : [`${count(channels.asking, "person", "people")} to let in: mesh ocg channels people`];
  return [...lines, ...people];
}

function agentLines({ targets }: Overview): string[] {
  if (targets.length === 0) return ["messages of gateways are stored, and handed to none"];
  return targets.map(({ name, type, url, isDefault }) =>
    `${name}: ${type}${url === undefined ? "" : ` at ${url}`}${isDefault ? ", the default" : ""}`
  );
}

function troubleLines({ troubles }: Overview): string[] {
  if (troubles.length === 0) return ["none in the last day"];
  return [...troubles.map((line) => logWords(line, false)), "all of it: mesh logs --level warning"];
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function documentOf(page: Overview): Record<string, unknown> {
  const { identity, channels, pause, troubles, running } = page;
  return {
    ok: true,
    state_dir: page.root,
    identity: identity
      ? {
        agent_id: identity.agent_id,
        display_name: identity.display_name,
        endpoint: identity.endpoint,
        fingerprint: identity.fingerprint,
      }
      : null,
    gateway_url: page.gatewayUrl ?? null,
    running: running.map(({ name, pid, host, port, started_at }) => ({
      name,
      pid,
      host,
      port,
      started_at,
    })),
    peers: {
      agents: page.agents,
      asking: page.asking,
      gateways: page.gateways,
      gateways_asking: page.gatewaysAsking,
    },
    approvals: page.undecided,
    queue: page.queue,
    paused: pause ?? null,
    targets: page.targets.map(({ isDefault, ...target }) => ({ ...target, default: isDefault })),
    channels: channels?.accounts.map(accountDocument) ?? [],
    people_waiting: channels?.asking ?? 0,
    troubles: troubles.map(({ daemon, entry }) => ({ daemon, ...entry })),
  };
}
