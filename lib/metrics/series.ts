/**
 * The kinds of metrics that there are: counters, gauges and histograms, each a family of series that differ
 * by their labels. Counting is a look into a map; all the text is made when somebody asks.
 *
 * @module
 */

/** What tells the series of a family apart. Values are ours, never a stranger's. */
export type Labels = Readonly<Record<string, string>>;

/** A line of the text format: what is added to the family's name, labels, value. */
export interface Sample {
  /** Such as `_bucket`; empty for the family's own name. */
  readonly suffix: string;
  /** The labels. */
  readonly labels: Labels;
  /** The value. */
  readonly value: number;
}

/** A family of series. */
export interface Family {
  /** Its name. */
  readonly name: string;
  /** What it is, in one sentence. */
  readonly help: string;
  /** Its kind. */
  readonly type: "counter" | "gauge" | "histogram";
  /** All that is known now. */
  samples(): Iterable<Sample> | Promise<Iterable<Sample>>;
}

/** A number that only grows. */
export class Counter implements Family {
  readonly type = "counter";
  readonly #series = new Map<string, { labels: Labels; value: number }>();

  /**
   * A counter; a series begins with its first count, or with {@link declare}.
   *
   * @param name Its name, which ends in `_total`.
   * @param help What it counts.
   */
  constructor(readonly name: string, readonly help: string) {}

  /** Begins a series at 0, so that its first count is seen as an increase. */
  declare(labels: Labels): this {
    this.add(labels, 0);
    return this;
  }

  /** Counts. */
  add(labels: Labels = {}, by = 1): void {
    const key = keyOf(labels);
    const series = this.#series.get(key);
    if (series) series.value += by;
    else this.#series.set(key, { labels, value: by });
  }

  /** All that was counted. */
  *samples(): Iterable<Sample> {
    for (const { labels, value } of this.#series.values()) yield { suffix: "", labels, value };
  }
}

/** Numbers that are looked up when somebody asks. */
export class Gauge implements Family {
  readonly type = "gauge";

  /**
   * A gauge.
   *
   * @param name Its name.
   * @param help What it measures.
   * @param look Looks: each series' labels and value.
   */
  constructor(
    readonly name: string,
    readonly help: string,
    private readonly look: () => Measured | Promise<Measured>,
  ) {}

  /** What is measured now. */
  async samples(): Promise<Iterable<Sample>> {
    return (await this.look()).map(([labels, value]) => ({ suffix: "", labels, value }));
  }
}

/** What a gauge saw. */
export type Measured = readonly (readonly [labels: Labels, value: number])[];

/** How long something took, or how large it was, in buckets. */
export class Histogram implements Family {
  readonly type = "histogram";
  readonly #series = new Map<string, { labels: Labels; counts: number[]; sum: number }>();

  /**
   * A histogram.
   *
   * @param name Its name.
   * @param help What it measures, with its unit.
   * @param bounds The buckets' upper bounds, growing; one for all the rest is added.
   */
  constructor(readonly name: string, readonly help: string, readonly bounds: readonly number[]) {}

  /** Takes a value. */
  observe(labels: Labels, value: number): void {
    const key = keyOf(labels);
    let series = this.#series.get(key);
    if (!series) {
      series = { labels, counts: Array(this.bounds.length + 1).fill(0), sum: 0 };
      this.#series.set(key, series);
    }
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] ?? Infinity)) bucket++;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
  }

  /** The buckets, each with all below it, then sum and count. */
  *samples(): Iterable<Sample> {
    for (const { labels, counts, sum } of this.#series.values()) {
      let count = 0;
      for (const [i, inBucket] of counts.entries()) {
        count += inBucket;
        const le = i < this.bounds.length ? String(this.bounds[i]) : "+Inf";
        yield { suffix: "_bucket", labels: { ...labels, le }, value: count };
      }
      yield { suffix: "_sum", labels, value: sum };
      yield { suffix: "_count", labels, value: count };
    }
  }
}

/** Callers name labels in one order. */
function keyOf(labels: Labels): string {
  let key = "";
  for (const name in labels) key += `${labels[name]}\0`;
  return key;
}
