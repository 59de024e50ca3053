/**
 * Names that tell nothing, for a report that strangers will read: who was meant stays recognisable within
 * the report, and only there.
 *
 * @module
 */

/** What is hidden, in this order; the names tell what they stand for. */
const FORMS: readonly (readonly [kind: string, form: RegExp])[] = [
  // With its line breaks, or with what they are written as in a text within a text.
  ["key", /-----BEGIN ([A-Z ]+)-----[^]*?-----END \1-----/g],
  ["mail", /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g],
  // People of chat platforms; `@scope/package` is none.
  ["handle", /(?<![\w@/.])@[a-z]\w{2,31}(?![\w/])/gi],
  // Keys and their beginnings, fingerprints, ids of messages: what could be looked up somewhere.
  ["hex", /\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b/gi],
  ["id", /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi],
  ["fingerprint", /\b[0-9a-f]{4}(?: [0-9a-f]{4}){3,}\b/gi],
  // Tokens of whatever kind: letters and digits that are no word.
  ["token", /(?<![\w-])(?!corrupt-)(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{24,}(?![\w-])/gi],
  ["phone", /\+\d[\d ().-]{5,20}\d\b|(?<![\w.:-])0\d{1,4}(?:[ /-]\d{2,4}){2,5}(?![\w.:-])/g],
  // Ids of people and chats; the days in the names of files are none.
  ["number", /(?<!\d|\d[.-])-?\d{7,}(?!\d|[.-]\d|T\d{6}Z)/g],
];

/** Four numbers that may be an address; loopback and "all addresses" are everybody's. */
const IPV4 = /\b(?!127\.|0\.0\.0\.0\b)(?:\d{1,3}\.){3}\d{1,3}\b(?!-[a-z])/g;
const IPV6 =
  /(?<![\w:])(?!::1?(?![\w:]))(?:(?:[0-9a-f]{1,4}:){1,7}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){1,7}:|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4})(?![\w:])/gi;

/** Host names in URLs, which name people's machines, except this one. */
const HOST =
  /(?<=\b(?:https?|wss?):\/\/(?:[^\s/?#@"]*@)?)(?!localhost\b|127\.|\[|address-|host-)[\p{L}\p{N}][\p{L}\p{N}._-]*/giu;

/** The folders of people, wherever the home directories are. */
const USER = /(?<=[/\\](?:home|Users|media|run[/\\]media)[/\\]{1,2})[^/\\\s"']+/g;

/** Hosts of services that tell nothing of anybody. */
const PUBLIC = new Set(["api.telegram.org", "discord.com", "api.openai.com", "openrouter.ai"]);

/**
 * The names of machines in URLs.
 *
 * @param text Any text.
 * @returns The names; those of services that everybody uses are none.
 */
export function hostsIn(text: string): string[] {
  return (text.match(HOST) ?? []).filter((one) => !PUBLIC.has(one.toLowerCase()));
}

/** Hides who and where. */
export class Pseudonyms {
  readonly #given = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #names: readonly Name[];
  readonly #paths: readonly (readonly [path: string, shown: string])[];

  /**
   * Nothing has a pseudonym yet.
   *
   * @param options What is known to be somebody's.
   * @param options.names Ids and names of agents, gateways and people, the owner's included.
   * @param options.hosts Names of machines, hidden outside of URLs, too.
   * @param options.paths Folders with what is shown instead, such as the home directory with `~`.
   */
  constructor(
    { names = [], hosts = [], paths = [] }: {
      names?: readonly string[];
      hosts?: readonly string[];
      paths?: readonly (readonly [path: string, shown: string])[];
    } = {},
  ) {
    const kinds = new Map([
      ...names.map((name) => [name, "name"] as const),
      ...hosts.map((host) => [host, "host"] as const),
    ]);
    // A longer name may contain a shorter one.
    this.#names = [...kinds].filter(([text]) => isTelling(text))
      .sort(([a], [b]) => b.length - a.length)
      .map(([text, kind]) => ({ text: text.toLowerCase(), kind, form: whole(text) }));
    this.#paths = paths.filter(([path]) => path.length > 1)
      .toSorted(([a], [b]) => b.length - a.length);
  }

  /**
   * A text in which nobody is named.
   *
   * @param text Any text.
   * @returns The same with `name-1`, `host-1` and the like; the same for the same each time.
   *
   * @example
   * ```ts
   * import { Pseudonyms } from "./pseudonyms.ts";
   * import { assertEquals } from "@std/assert";
   *
   * const hide = new Pseudonyms({ names: ["Stan"], paths: [["/home/stan", "~"]] });
   * assertEquals(
   *   hide.text("Stan at http://nas.lan:8787, 192.168.1.7, in /home/stan/mesh"),
   *   "name-1 at http://host-1:8787, address-1, in ~/mesh",
   * );
   * ```
   */
  text(text: string): string {
    let words = text;
    for (const [path, shown] of this.#paths) words = words.replaceAll(path, shown);
    words = words.replace(USER, (one) => this.#for("user", one))
      .replace(IPV4, (one) => this.#for("address", one))
      .replace(IPV6, (one) => this.#for("address", one))
      .replace(HOST, (one) => PUBLIC.has(one.toLowerCase()) ? one : this.#for("host", one));
    for (const { text: name, kind, form } of this.#names) {
      if (!words.toLowerCase().includes(name)) continue;
      words = words.replace(form, (one) => this.#for(kind, one));
    }
    for (const [kind, form] of FORMS) words = words.replace(form, (one) => this.#for(kind, one));
    return words;
  }

  /**
   * A value in which nobody is named, neither by texts nor by keys.
   *
   * @param value A JSON value.
   * @returns The same with all its texts as {@link text} makes them.
   */
  value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.value(one));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [this.text(key), this.value(one)]),
    );
  }

  #for(kind: string, value: string): string {
    const key = `${kind}:${value.toLowerCase()}`;
    const known = this.#given.get(key);
    if (known) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const name = `${kind}-${number}`;
    this.#given.set(key, name);
    return name;
  }
}

/** A name that is looked for. */
interface Name {
  readonly text: string;
  readonly kind: "name" | "host";
  readonly form: RegExp;
}

/** One or two letters of an alphabet are in every text; two of other scripts are a name. */
function isTelling(name: string): boolean {
  return name.length > 2 || (name.length === 2 && !/[ -~]/.test(name));
}

/** Letters of scripts that put no blanks between words. */
const DENSE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/** A name where it is a word of its own. */
function whole(name: string): RegExp {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  if (DENSE.test(name)) return new RegExp(escaped, "giu");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "giu");
}
