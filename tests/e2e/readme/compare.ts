/**
 * Comparing what is printed with what was shown, when no id, key, time or port is ever the same twice: words
 * have to be the same, and what stands for a thing has to stand for the same thing everywhere.
 *
 * @module
 */

/** What is another thing in each run, and one and the same within a run. */
const THINGS = [
  /sha256:[0-9a-f]{64}/,
  /\b(?:req|msg)_[0-9a-f]{32}\b/,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/,
  /\b[0-9a-f]{64,}\b/,
  // Four digits behind a colon are a port.
  /(?<![:\w])[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b/,
  /\b[0-9a-f]{32}\b/,
  // A link with a secret in it.
  /#[\w-]{43,}/,
  /\bprocess \d+/,
];

/** What is never the same. */
const TIMES: readonly (readonly [shown: RegExp, printed: string])[] = [
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d\b/, String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`],
  [/\b\d+\.\d s\b/, String.raw`\d+\.\d s`],
  [/\bin \d+ (?:s|min|h)\b/, String.raw`(?:in \d+ (?:s|min|h)|just now)`],
  [/\b(?:just now|\d+ (?:s|min|h) ago)\b/, String.raw`(?:just now|\d+ (?:s|min|h) ago)`],
  [/(?<= |")\/(?:tmp|home\/\w+)(?=\/)/, String.raw`\/\S+?`],
];

const VARIABLE = new RegExp(
  [...THINGS, ...TIMES.map(([shown]) => shown)].map(({ source }) => `(?:${source})`).join("|"),
  "g",
);

/** What is known of things so far. */
export class Comparison {
  readonly #known = new Map<string, string>();

  /**
   * A text in which things that are known have the names that they have in this run.
   *
   * @param text As it is shown.
   * @returns As it is to be typed, or to be expected.
   */
  translate(text: string): string {
    // The longest first: 8790 is in 18790.
    const names = [...this.#known.keys()].sort((a, b) => b.length - a.length).map(literal);
    if (names.length === 0) return text;
    const whole = new RegExp(`(?<!\\w)(?:${names.join("|")})(?!\\w)`, "g");
    return text.replace(whole, (shown) => this.#known.get(shown) ?? shown);
  }

  /**
   * Says that a thing has another name in this run, such as a port.
   *
   * @param shown How it is shown.
   * @param printed How it is here.
   */
  know(shown: string, printed: string): void {
    this.#known.set(shown, printed);
  }

  /**
   * Compares.
   *
   * @param shown The lines that are shown; `…` stands for any number of lines.
   * @param printed The lines that were printed.
   * @returns What is wrong, or `undefined`.
   */
  difference(shown: readonly string[], printed: readonly string[]): string | undefined {
    let at = 0;
    for (let i = 0; i < shown.length; i++) {
      const line = shown[i] ?? "";
      if (line.trim() === "…") {
        const next = shown[i + 1];
        if (next === undefined) return undefined;
        while (at < printed.length && !this.#matches(next, printed[at] ?? "")) at++;
        continue;
      }
      if (!this.#matches(line, printed[at] ?? "")) {
        return `shown:   ${this.translate(line)}\nprinted: ${printed[at] ?? "(nothing more)"}`;
      }
      at++;
    }
    if (at === printed.length) return undefined;
    return `printed, and not shown: ${printed.slice(at).join("\n")}`;
  }

  /** Columns are as wide as what is in them, so widths do not count. */
  #matches(shown: string, printed: string): boolean {
    const found: string[] = [];
    let pattern = "";
    let end = 0;
    const line = squeezed(shown);
    for (const match of line.matchAll(VARIABLE)) {
      pattern += literal(this.translate(line.slice(end, match.index)));
      pattern += this.#variable(match[0], found);
      end = match.index + match[0].length;
    }
    pattern += literal(this.translate(line.slice(end)));
    const match = new RegExp(`^${pattern}$`).exec(squeezed(printed));
    if (!match) return false;
    found.forEach((thing, i) => this.#known.set(thing, match[i + 1] ?? ""));
    return true;
  }

  #variable(text: string, found: string[]): string {
    const known = this.#known.get(text);
    if (known !== undefined) return literal(known);
    const [, time] = TIMES.find(([shown]) => whole(shown).test(text)) ?? [];
    if (time !== undefined) return time;
    // Twice in a line is the same thing twice.
    const before = found.indexOf(text);
    if (before !== -1) return `\\${before + 1}`;
    found.push(text);
    const thing = THINGS.find((one) => whole(one).test(text));
    return `(${thing?.source.replace(/^\(\?<!.*?\)|\\b/g, "") ?? literal(text)})`;
  }
}

function whole({ source }: RegExp): RegExp {
  return new RegExp(`^(?:${source.replace(/^\(\?<[=!][^)]*\)|\(\?=[^)]*\)$/g, "")})$`);
}

function squeezed(line: string): string {
  return line.trimEnd().replace(/(?<=\S) {2,}/g, " ");
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
