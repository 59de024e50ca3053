/**
 * The text format of Prometheus, version 0.0.4.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @module
 */
import type { Family, Labels, Sample } from "./series.ts";

/** What an answer in this format is declared as. */
export const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

/** Milliseconds that looking at one family may take. */
const PATIENCE = 5_000;

/**
 * Writes families.
 *
 * @param families The families.
 * @param onFault Told of a family that could not be looked at; it is left out.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { Counter } from "./series.ts";
 * import { textFormat } from "./text_format.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const counter = new Counter("mesh_faults_total", "Failures of this machine.");
 * counter.add();
 * assertEquals(
 *   await textFormat([counter]),
 *   "# HELP mesh_faults_total Failures of this machine.\n" +
 *     "# TYPE mesh_faults_total counter\n" +
 *     "mesh_faults_total 1\n",
 * );
 * ```
 */
export async function textFormat(
  families: Iterable<Family>,
  onFault: (error: unknown) => void = () => {},
): Promise<string> {
  const texts = [...families].map(async (family) => {
    try {
      return familyText(family, await within(PATIENCE, family));
    } catch (error) {
      onFault(error);
      return "";
    }
  });
  return (await Promise.all(texts)).join("");
}

async function within(ms: number, family: Family): Promise<Iterable<Sample>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const sentence = `"${family.name}" could not be looked up in time`;
    timer = setTimeout(() => reject(new Error(sentence)), ms);
  });
  try {
    return await Promise.race([family.samples(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function familyText({ name, help, type }: Family, samples: Iterable<Sample>): string {
  const about = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  let text = `# HELP ${name} ${about}\n# TYPE ${name} ${type}\n`;
  for (const { suffix, labels, value } of samples) {
    text += `${name}${suffix}${labelText(labels)} ${numberText(value)}\n`;
  }
  return text;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    return `${name}="${escaped}"`;
  });
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
