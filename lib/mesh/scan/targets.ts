/**
 * Whom a scan asks: words of a command line or a file become base URLs, one at a time and each once.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { ipv4FromText, ipv4ToText } from "../../net/ipv4.ts";
import { DEFAULT_PORT } from "../protocol.ts";
import { IntervalSet } from "./intervals.ts";
import { checkPorts, parseWord, quoted } from "./word.ts";

/** The most addresses that networks and ranges may have together, and the most hosts that may be named. */
export const MAX_ADDRESSES = 65_536;

/** The most different ports on which networks and ranges are scanned. */
export const MAX_PORTS = 32;

/** One place to look for an agent. */
export interface Target {
  /** The base URL, without a slash at the end. */
  readonly url: string;
  /** Whether the user named just this one, so that its silence is worth a line. */
  readonly explicit: boolean;
  /** The word that it comes from. */
  readonly source: string;
}

/** Targets that are made while they are walked over. A plain `Set<Target>` is one too. */
export interface TargetSet extends Iterable<Target> {
  /** How many there are. */
  readonly size: number;
}

/** How to read target words. */
export interface TargetOptions {
  /** The ports for words that name none. Default 8787. */
  readonly ports?: readonly number[];
}

/** Neighbouring addresses on one port. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly port: number;
  readonly source: string;
}

/**
 * Reads target words: `http(s)://host[:port][/path]`, `host`, `host:port`, `[IPv6]:port`,
 * `192.168.1.0/24` (its network and broadcast address are left out up to /30), `192.168.1.10-40`,
 * `192.168.1.10-192.168.1.40`; all but URLs with several ports if need be (`192.168.1.0/24:8787,8790`).
 *
 * Hosts come first, in the order given, then networks and ranges. What is named twice is asked once.
 *
 * @param words The words.
 * @param options Ports.
 * @returns The targets; nothing of a network is in memory but its bounds.
 * @throws {MeshError} `usage` for a malformed word, an IPv6 network, and for more than 65,536 addresses,
 * hosts or 32 ports in all.
 *
 * @example
 * ```ts
 * import { parseTargets } from "./targets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const targets = parseTargets(["192.168.1.0/24", "nas.local:8790"]);
 * assertEquals(targets.size, 255);
 * const [first, second] = targets;
 * assertEquals(first, { url: "http://nas.local:8790", explicit: true, source: "nas.local:8790" });
 * assertEquals(second?.url, "http://192.168.1.1:8787");
 * ```
 */
export function parseTargets(words: readonly string[], options: TargetOptions = {}): TargetSet {
  const defaultPorts = checkPorts(options.ports ?? [DEFAULT_PORT]);
  const parsed = words.map((word) => ({ word, ...parseWord(word, defaultPorts) }));
  const builder = new Builder();
  for (const one of parsed) {
    if (one.kind === "urls") { for (const url of one.urls) builder.addUrl(url, one.word); }
  }
  for (const one of parsed) {
    if (one.kind === "span") builder.addSpan(one.span, one.ports, one.word);
  }
  return builder.targets();
}

/**
 * The target words in a text such as a file or standard input: separated by white space, with comments
 * from a `#` at the start of a word to the end of the line.
 *
 * @param text The text.
 * @returns The words, for {@link parseTargets}.
 *
 * @example
 * ```ts
 * import { wordsOfText } from "./targets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wordsOfText("# home\nnas.local  # cellar\n\n10.0.0.0/24 pi:8790\r\n"), [
 *   "nas.local",
 *   "10.0.0.0/24",
 *   "pi:8790",
 * ]);
 * ```
 */
export function wordsOfText(text: string): string[] {
  return text.replace(/^\ufeff/, "").split(/[\r\n]+/)
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").split(/\s+/))
    .filter((word) => word !== "");
}

/** Collects targets and leaves out what it has already. */
class Builder {
  private readonly hosts = new Map<string, Target>();
  private readonly stretches: Stretch[] = [];
  private readonly addresses = new IntervalSet();
  private readonly ports = new Set<number>();
  private readonly byPort = new Map<number, IntervalSet>();

  addUrl(url: URL, source: string): void {
    const base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
    if (this.hosts.has(base)) return;
    this.hosts.set(base, { url: base, explicit: true, source });
    if (this.hosts.size > MAX_ADDRESSES) throw tooMany(source, "hosts");
    const address = ipv4FromText(url.hostname);
    if (address !== undefined && base === `http://${url.host}`) {
      this.onPort(Number(url.port || 80)).add(address, address);
    }
  }

  addSpan(
    { first, last }: { first: number; last: number },
    ports: readonly number[],
    source: string,
  ): void {
    this.addresses.add(first, last);
    if (this.addresses.size > MAX_ADDRESSES) throw tooMany(source, "addresses");
    for (const port of ports) {
      this.ports.add(port);
      if (this.ports.size > MAX_PORTS) throw tooMany(source, "ports");
      for (const [from, to] of this.onPort(port).add(first, last)) {
        this.stretches.push({ first: from, last: to, port, source });
      }
    }
  }

  targets(): TargetSet {
    const { hosts, stretches } = this;
    const size = stretches.reduce((sum, { first, last }) => sum + last - first + 1, hosts.size);
    return {
      size,
      *[Symbol.iterator]() {
        yield* hosts.values();
        for (const stretch of stretches) yield* walk(stretch);
      },
    };
  }

  private onPort(port: number): IntervalSet {
    const known = this.byPort.get(port) ?? new IntervalSet();
    this.byPort.set(port, known);
    return known;
  }
}

function* walk({ first, last, port, source }: Stretch): Generator<Target> {
  // The URL's own form: a default port is not written.
  const suffix = port === 80 ? "" : `:${port}`;
  for (let address = first; address <= last; address++) {
    yield { url: `http://${ipv4ToText(address)}${suffix}`, explicit: false, source };
  }
}

function tooMany(source: string, what: "hosts" | "addresses" | "ports"): MeshError {
  const limit = what === "ports" ? MAX_PORTS : MAX_ADDRESSES.toLocaleString("en");
  return new MeshError(
    "usage",
    `Cannot scan ${quoted(source)}: together that is more than ${limit} ${what}`,
    {
      hint: what === "ports" ? "Scan with fewer ports" : "Scan smaller networks, one after another",
    },
  );
}
