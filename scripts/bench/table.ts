/**
 * The table that the benchmark prints.
 *
 * @module
 */
import { meets, type Row } from "./row.ts";

const HEAD = ["", "MEASURED", "AGAINST", "", "RATIO", "AIM", ""];

/** Columns of numbers, which are aligned at their right ends. */
const NUMBERS = new Set([1, 3, 4]);

/**
 * Lays rows out.
 *
 * @param rows What was measured.
 * @returns The table, a final line break included.
 *
 * @example
 * ```ts
 * import { layOut } from "./table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = layOut([{
 *   name: "scan",
 *   measured: { value: 540, unit: " ms" },
 *   against: "timeout",
 *   baseline: 500,
 *   ratio: 1.08,
 *   aim: { is: "at most", ratio: 1.25 },
 * }]);
 * assertEquals(
 *   table.split("\n")[1]?.replace(/ +/g, " "),
 *   "scan 540 ms timeout 500 ms 1.08 at most 1.25 met",
 * );
 * ```
 */
export function layOut(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  return cells.map((row) =>
    row.map((cell, i) => NUMBERS.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))
      .join("  ").trimEnd() + "\n"
  ).join("");
}

function cellsOf(row: Row): string[] {
  const { name, measured: { value, unit }, against, baseline, ratio, aim } = row;
  const met = meets(row);
  return [
    name,
    number(value) + unit,
    against,
    number(baseline) + unit,
    ratio.toFixed(2),
    aim ? `${aim.is} ${aim.ratio}` : "",
    met === undefined ? "" : met ? "met" : "MISSED",
  ];
}

function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
