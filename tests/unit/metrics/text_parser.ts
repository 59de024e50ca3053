/**
 * A parser of Prometheus' text format 0.0.4 that knows nothing of how it is written here.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 *
 * @module
 */

/** A family as it was read. */
export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

/** A sample as it was read. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;

/**
 * Reads a text.
 *
 * @throws {SyntaxError} for whatever a scraper would refuse, and for histograms that contradict themselves.
 */
export function parseMetrics(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith("\n")) throw new SyntaxError("The last line has no end");
  const families = new Map<
    string,
    { type: string; help: string; samples: ParsedSample[] }
  >();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    if (comment) {
      const [, kind, name = "", rest = ""] = comment;
      if (kind === "HELP") {
        if (families.has(name)) throw new SyntaxError(`${name} comes twice`);
        families.set(name, { type: "untyped", help: rest, samples: [] });
      } else {
        if (!/^(?:counter|gauge|histogram|summary|untyped)$/.test(rest)) {
          throw new SyntaxError(`${name} is a ${rest}`);
        }
        const family = families.get(name);
        if (!family || family.samples.length > 0) throw new SyntaxError(`TYPE of ${name} is late`);
        family.type = rest;
      }
      current = name;
      continue;
    }
    const sample = parseSample(line);
    const family = families.get(current);
    const base = family?.type === "histogram"
      ? sample.name.replace(/_(?:bucket|sum|count)$/, "")
      : sample.name;
    if (!family || base !== current) throw new SyntaxError(`${line} belongs to no family`);
    const key = (one: ParsedSample) =>
      JSON.stringify([one.name, Object.entries(one.labels).sort()]);
    if (family.samples.some((one) => key(one) === key(sample))) {
      throw new SyntaxError(`${line} comes twice`);
    }
    family.samples.push(sample);
  }
  for (const [name, family] of families) {
    if (family.type === "histogram") judge(name, family.samples);
  }
  return families;
}

function parseSample(line: string): ParsedSample {
  const [name] = NAME.exec(line) ?? [];
  if (name === undefined) throw new SyntaxError(`${line} has no name`);
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === "{") {
    at++;
    while (line[at] !== "}") {
      const [label] = /^[a-zA-Z_][a-zA-Z0-9_]*/.exec(line.slice(at)) ?? [];
      if (label === undefined) throw new SyntaxError(`${line} has a bad label`);
      at += label.length;
      if (line.slice(at, at + 2) !== '="') throw new SyntaxError(`${line} has a label of nothing`);
      at += 2;
      let value = "";
      while (line[at] !== '"') {
        if (at >= line.length) throw new SyntaxError(`${line} never ends`);
        if (line[at] === "\\") {
          const meant = { "\\": "\\", '"': '"', n: "\n" }[line[at + 1] ?? ""];
          if (meant === undefined) throw new SyntaxError(`${line} has a bad escape`);
          value += meant;
          at += 2;
        } else value += line[at++];
      }
      at++;
      if (label in labels) throw new SyntaxError(`${line} has ${label} twice`);
      labels[label] = value;
      if (line[at] === ",") at++;
    }
    at++;
  }
  const number = /^ (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line.slice(at))?.[1];
  if (number === undefined) throw new SyntaxError(`${line} has no value`);
  const value = number.endsWith("Inf") ? Infinity * (number[0] === "-" ? -1 : 1) : Number(number);
  return { name, labels, value };
}

function judge(name: string, samples: readonly ParsedSample[]): void {
  const series = Map.groupBy(samples, ({ labels: { le: _le, ...rest } }) => JSON.stringify(rest));
  for (const [labels, its] of series) {
    const buckets = its.filter((one) => one.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels: { le } }) => le === "+Inf" ? Infinity : Number(le));
    const counts = buckets.map(({ value }) => value);
    const grows = (list: number[], strictly: boolean) =>
      list.every((value, i) =>
        i === 0 || value > list[i - 1]! || (!strictly && value === list[i - 1])
      );
    const count = its.find((one) => one.name === `${name}_count`)?.value;
    const sum = its.find((one) => one.name === `${name}_sum`);
    if (
      !grows(bounds, true) || !grows(counts, false) || bounds.at(-1) !== Infinity ||
      count !== counts.at(-1) || !sum
    ) throw new SyntaxError(`${name}${labels} contradicts itself`);
  }
}
