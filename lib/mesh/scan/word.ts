/**
 * One word of a scan's targets: a URL, a host, a network or a range, each as people write them.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { ipv4FromText, type Ipv4Span, networkSpan } from "../../net/ipv4.ts";

/** What a word names: single base URLs, or a stretch of addresses on some ports. */
export type ParsedWord =
  | { readonly kind: "urls"; readonly urls: readonly URL[] }
  | { readonly kind: "span"; readonly span: Ipv4Span; readonly ports: readonly number[] };

const FORMS = "Write a URL, a host, host:port, a network such as 192.168.1.0/24, " +
  "or a range such as 192.168.1.10-40";

/** A word is quoted up to this length: it may be a line of a file that is no list of hosts at all. */
const QUOTED = 80;

/**
 * Reads one word.
 *
 * @param word A URL, `host`, `host:port`, `[IPv6]:port`, `a.b.c.d/n`, `a.b.c.d-n` or `a.b.c.d-a.b.c.d`;
 * all but a URL may carry several ports (`:8787,8790`).
 * @param defaultPorts The ports for a word that names none. A URL without one means its scheme's.
 * @returns What it names.
 * @throws {MeshError} `usage` if it is none of these.
 *
 * @example
 * ```ts
 * import { parseWord } from "./word.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const host = parseWord("nas.local:8787,8790", [8787]);
 * assertEquals(host.kind === "urls" && host.urls.map((url) => url.host), [
 *   "nas.local:8787",
 *   "nas.local:8790",
 * ]);
 * ```
 */
export function parseWord(word: string, defaultPorts: readonly number[]): ParsedWord {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) return { kind: "urls", urls: [parseUrl(word)] };
  const { body, ports } = splitPorts(word, defaultPorts);
  if (body.includes("/")) return { kind: "span", span: parseNetwork(word, body), ports };
  if (/^[\d.]+-/.test(body)) {
    const span = parseRange(body);
    if (span) return { kind: "span", span, ports };
    throw malformed(word, "is no range of IPv4 addresses", "Write it as 192.168.1.10-40");
  }
  return { kind: "urls", urls: ports.map((port) => hostUrl(word, body, port)) };
}

/**
 * Checks port numbers that came as numbers.
 *
 * @param ports The ports.
 * @returns Them, each once.
 * @throws {MeshError} `usage` if one is no port.
 */
export function checkPorts(ports: readonly number[]): number[] {
  for (const port of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new MeshError("usage", `Cannot scan port "${port}": it is not between 1 and 65535`, {
        hint: "Agents listen on 8787 unless they were told otherwise",
      });
    }
  }
  return [...new Set(ports)];
}

function parseUrl(word: string): URL {
  const url = URL.parse(word);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw malformed(word, "is no http or https URL", FORMS);
  }
  if (url.username !== "" || url.password !== "") {
    throw new MeshError("usage", `Cannot scan a URL on "${url.host}" that carries a password`, {
      hint: "Leave out what is before the @: discovery needs no password",
    });
  }
  if (url.search !== "" || url.hash !== "") {
    throw malformed(word, "has a query or a fragment", "End the URL after its path");
  }
  return url;
}

function splitPorts(
  word: string,
  defaultPorts: readonly number[],
): { body: string; ports: readonly number[] } {
  const [, bracketed, plain, list] =
    /^(?:(\[[^\]]*\](?:\/\d*)?)|([^:[\]]*))(?::([\d,]*))?$/.exec(word) ?? [];
  const body = bracketed ?? plain;
  if (body === undefined || body === "") {
    if (/^[0-9a-f]*:[0-9a-f:.]*(%.*)?$/i.test(word) && word.split(":").length > 2) {
      throw malformed(word, "is an IPv6 address without brackets", `Write [${word}]`);
    }
    if (/^[0-9a-f:.]+\/\d+$/i.test(word)) throw ipv6Network(word);
    throw malformed(word, "is no host, network or range", FORMS);
  }
  if (list === undefined) return { body, ports: defaultPorts };
  const ports = list.split(",").map((text) => /^\d{1,5}$/.test(text) ? Number(text) : NaN);
  if (ports.some((port) => !(port >= 1 && port <= 65535))) {
    throw malformed(word, "names no valid port", "Ports go from 1 to 65535, as in host:8787,8790");
  }
  return { body, ports: [...new Set(ports)] };
}

function parseNetwork(word: string, body: string): Ipv4Span {
  if (body.startsWith("[")) throw ipv6Network(word);
  const [, base = "", bits = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(body) ?? [];
  const address = ipv4FromText(base);
  const prefix = Number(bits);
  if (address === undefined || bits === "" || prefix > 32) {
    throw malformed(word, "is no IPv4 network", "Write it as 192.168.1.0/24");
  }
  const { first, last } = networkSpan(address, prefix);
  // The lowest and the highest address are no hosts, except in the tiny networks of RFC 3021.
  return prefix <= 30 ? { first: first + 1, last: last - 1 } : { first, last };
}

function parseRange(body: string): Ipv4Span | undefined {
  const [from = "", to = ""] = body.split(/-(.*)/s);
  const first = ipv4FromText(from);
  if (first === undefined) return undefined;
  const last = /^(0|[1-9]\d{0,2})$/.test(to)
    ? ipv4FromText(from.replace(/\d+$/, to))
    : ipv4FromText(to);
  return last === undefined || last < first ? undefined : { first, last };
}

function hostUrl(word: string, host: string, port: number): URL {
  // What means something in a URL means nothing in a host.
  const url = /[@\\?#%\s]/.test(host) ? null : URL.parse(`http://${host}:${port}`);
  if (!url) throw malformed(word, "is no host", FORMS);
  if (host.startsWith("[")) return url;
  // A URL parser reads "192.168.1" and "10" as addresses, which nobody means.
  const numeric = /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(host);
  const sound = numeric ? ipv4FromText(host) !== undefined : isHostName(url.hostname);
  if (!sound) throw malformed(word, numeric ? "is no IPv4 address" : "is no host", FORMS);
  return url;
}

function isHostName(name: string): boolean {
  const labels = name.replace(/\.$/, "").split(".");
  return name.length <= 253 && labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
}

function ipv6Network(word: string): MeshError {
  return malformed(
    word,
    "is an IPv6 network, which has more addresses than can be asked",
    "Name the hosts, as in [fd00::2]:8787",
  );
}

function malformed(word: string, what: string, hint: string): MeshError {
  return new MeshError("usage", `Cannot scan ${quoted(word)}: it ${what}`, { hint });
}

/**
 * Quotes a word for an error: shortened, and without what moves a terminal's cursor.
 *
 * @param word The word.
 * @returns It in quotation marks.
 */
export function quoted(word: string): string {
  const short = word.length > QUOTED ? `${word.slice(0, QUOTED)}…` : word;
  return `"${short.replace(/\p{Cc}/gu, "?")}"`;
}
