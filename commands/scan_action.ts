/** What `mesh scan` does. @module */
import { MeshError } from "../lib/error.ts";
import { readIdentity } from "../lib/mesh/identity_record.ts";
import { listPeers } from "../lib/mesh/peers.ts";
import type { Peer } from "../lib/mesh/records.ts";
import { requestedFingerprints } from "../lib/mesh/requests.ts";
import type { ProbeFound, ProbeResult } from "../lib/mesh/scan/probe.ts";
import { scan, type ScanSummary } from "../lib/mesh/scan/scanner.ts";
import { type Standing, standingOf } from "../lib/mesh/scan/standing.ts";
import { parseTargets, type TargetSet, wordsOfText } from "../lib/mesh/scan/targets.ts";
import type { AgentCard } from "../lib/mesh/card.ts";
import { localNetworks } from "../lib/net/interfaces.ts";
import { decodeUtf8 } from "../lib/signing/utf8.ts";
import type { ActionContext } from "./define.ts";
import { readInput } from "./input.ts";
import { interruption } from "./interrupt.ts";
import { openState } from "./node.ts";
import type { ScanFlags } from "./scan.ts";
import { safeText, type Terminal } from "./terminal.ts";
import { agentName, short } from "./text.ts";

/** Most bytes of a file with targets. */
const TARGET_FILE_LIMIT = 4 * 1024 * 1024;

/** What is on record, to tell how a found agent stands. */
interface OnRecord {
  readonly self?: AgentCard;
  readonly peers: readonly Peer[];
  readonly requested: ReadonlySet<string>;
}

/**
 * Scans, and prints agents as they are found.
 *
 * @param context The terminal.
 * @param flags Ports, limits, output.
 * @param words The targets.
 * @returns 0, or 130 if it was interrupted.
 */
export default async function (
  context: ActionContext,
  flags: ScanFlags,
  ...words: string[]
): Promise<number> {
  const { terminal } = context;
  const targets = await targetsFrom(terminal, flags, words);
  const record = await onRecord(context, flags);
  using stop = interruption();
  const rows = new Rows(terminal);
  const found: ProbeResult[] = [];
  const run = scan(targets, {
    concurrency: flags.concurrency,
    timeoutMs: flags.timeout,
    deadlineMs: flags.deadline,
    signal: stop.signal,
    onProgress: (summary) => terminal.progress(progressLine(summary)),
  });
  for await (const result of run) {
    if (result.ok) rows.add(result, standing(result, record));
    if (result.ok || result.target.explicit || flags.all) found.push(result);
  }
  terminal.document(found.map(originalShape));
  conclude(terminal, run.summary, found);
  return run.summary.endedBy === "interrupted" ? 130 : 0;
}

async function targetsFrom(
  terminal: Terminal,
  flags: ScanFlags,
  words: readonly string[],
): Promise<TargetSet> {
  const files = [...words.filter((word) => word === "-"), ...(flags.file ? [flags.file] : [])];
  const all = words.filter((word) => word !== "-");
  for (const file of files) {
    all.push(...wordsOfText(decodeUtf8(await readInput(file, TARGET_FILE_LIMIT))));
  }
  if (all.length === 0 && files.length > 0) {
    throw new MeshError("usage", `There are no targets in "${files.join(", ")}"`, {
      hint: "mesh scan --help",
    });
  }
  if (all.length === 0) all.push(...ownNetworks(terminal));
  return parseTargets(all, flags.port ? { ports: flags.port } : {});
}

function ownNetworks(terminal: Terminal): string[] {
  const { networks, leftOut } = localNetworks();
  for (const { cidr, interface: name, reason } of leftOut) {
    terminal.note(`Not scanned: ${cidr} on ${name}: ${reason}. Name it to scan it.`);
  }
  if (networks.length === 0) {
    throw new MeshError("unavailable", "This machine is in no private IPv4 network", {
      hint: "name a target: mesh scan 192.168.1.0/24",
    });
  }
  for (const { cidr, interface: name, clippedFrom } of networks) {
    const part = clippedFrom ? `, the part of ${clippedFrom} around this machine` : "";
    terminal.note(`Scanning ${cidr} on ${name}${part}.`);
  }
  return networks.map(({ cidr }) => cidr);
}

/** A scan works without an identity; then everything that is found is new. */
async function onRecord(context: ActionContext, flags: ScanFlags): Promise<OnRecord> {
  const state = openState(context, flags);
  const self = await readIdentity(state).catch(() => undefined);
  return {
    ...(self ? { self } : {}),
    peers: await listPeers(state),
    requested: await requestedFingerprints({ state }),
  };
}

function standing({ card, target }: ProbeFound, { self, peers, requested }: OnRecord): Standing {
  return standingOf(card, {
    ...(self ? { self } : {}),
    peers,
    url: target.url,
    requested: requested.has(card.fingerprint),
  });
}

/** The table, printed row by row: the widths are fixed, since the next row is not known yet. */
class Rows {
  readonly #terminal: Terminal;
  #any = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  add({ card, target }: ProbeFound, standing: Standing): void {
    if (!this.#any) this.#terminal.line(this.#row("NAME", "ENDPOINT", "FINGERPRINT", "STANDING"));
    this.#any = true;
    this.#terminal.line(
      this.#row(safeText(agentName(card)), target.url, short(card.fingerprint), standing),
    );
  }

  #row(name: string, endpoint: string, fingerprint: string, standing: string): string {
    return `${name.padEnd(28)}  ${endpoint.padEnd(28)}  ${fingerprint.padEnd(19)}  ${standing}`;
  }
}

function progressLine({ probed, total, answered, millis }: ScanSummary): string {
  const width = 24;
  const done = total === 0 ? width : Math.round((probed / total) * width);
  const bar = "#".repeat(done) + "-".repeat(width - done);
  return `[${bar}] ${probed}/${total}, ${answered} found, ${(millis / 1000).toFixed(1)} s`;
}

function originalShape(result: ProbeResult): unknown {
  const { target: { url } } = result;
  return result.ok ? { url, response: result.response } : { url, error: result.error };
}

function conclude(terminal: Terminal, summary: ScanSummary, found: readonly ProbeResult[]): void {
  if (terminal.json) return;
  for (const result of found) {
    if (!result.ok) terminal.note(`${result.target.url}: ${result.error}`);
  }
  const { answered, probed, total, millis, endedBy } = summary;
  const agents = answered === 1 ? "1 agent" : `${answered} agents`;
  const seconds = (millis / 1000).toFixed(1);
  const cut = endedBy === "deadline"
    ? " The deadline came first: --deadline gives it longer."
    : endedBy === "interrupted"
    ? " It was interrupted."
    : "";
  terminal.note(`${agents} found, ${probed} of ${total} addresses asked in ${seconds} s.${cut}`);
  if (answered > 0) terminal.note("next: mesh request-contact ENDPOINT");
}
