/**
 * The flags that several commands share, and the parsers of their values.
 *
 * @module
 */
import { MeshError } from "../lib/error.ts";

/** Flags that every command takes. */
export interface CommonFlags {
  /** Print results as JSON. */
  readonly json: boolean;
  /** The state directory to work on, instead of the default. */
  readonly stateDir?: string;
}

/** The declarations of {@link CommonFlags}. */
export const COMMON_FLAGS = {
  json: { kind: "boolean", brief: "Print JSON on stdout", default: false, withNegated: false },
  stateDir: {
    kind: "parsed",
    parse: String,
    placeholder: "dir",
    brief: "State directory (default: $MESH_STATE_DIR or ~/.openclaw/agent-mesh)",
    optional: true,
  },
} as const;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Parses a span of time such as `500ms`, `2s`, `5m`, `1h`; a bare number is milliseconds.
 *
 * @param input What was typed.
 * @returns Milliseconds, at least 1.
 * @throws {MeshError} `usage` for anything else.
 */
export function parseDuration(input: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(input);
  const value = match ? Number(match[1]) * (UNITS[match[2] ?? "ms"] ?? 1) : NaN;
  if (!(value >= 1 && value <= 7 * 24 * 3_600_000)) {
    throw new MeshError("usage", `Cannot read "${input}" as a time: write 500ms, 2s, 5m or 1h`);
  }
  return Math.round(value);
}

/**
 * Parses a whole number of at least 1.
 *
 * @param input What was typed.
 * @returns The number.
 * @throws {MeshError} `usage` for anything else.
 */
export function parseCount(input: string): number {
  const value = /^\d{1,9}$/.test(input) ? Number(input) : 0;
  if (value < 1) {
    throw new MeshError("usage", `Cannot read "${input}" as a number of at least 1`);
  }
  return value;
}

/**
 * Parses a TCP port; 0 lets the system choose one.
 *
 * @param input What was typed.
 * @returns The port.
 * @throws {MeshError} `usage` for anything else.
 */
export function parsePort(input: string): number {
  const value = /^\d{1,5}$/.test(input) ? Number(input) : 65_536;
  if (value > 65_535) {
    throw new MeshError("usage", `Cannot read "${input}" as a port: 0 to 65535`);
  }
  return value;
}

/**
 * Parses ports separated by commas, such as `8787,8790`.
 *
 * @param input What was typed.
 * @returns The ports, in order, without repetition.
 * @throws {MeshError} `usage` for anything else.
 */
export function parsePorts(input: string): number[] {
  const ports = input.split(",").map((part) => parsePort(part.trim()));
  if (ports.includes(0)) throw new MeshError("usage", "Port 0 cannot be probed");
  return [...new Set(ports)];
}

/**
 * Parses a point in time: an ISO date or time, or a span before now such as `10m` or `2h`.
 *
 * @param input What was typed.
 * @param now The present.
 * @returns The time.
 * @throws {MeshError} `usage` for anything else.
 */
export function parseSince(input: string, now: Date = new Date()): Date {
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(input)) return new Date(now.getTime() - parseDuration(input));
  const days = /^(\d{1,4})d$/.exec(input);
  if (days) return new Date(now.getTime() - Number(days[1]) * 24 * 3_600_000);
  const time = /^\d{4}-\d{2}-\d{2}/.test(input) ? Date.parse(input) : NaN;
  if (Number.isNaN(time)) {
    throw new MeshError(
      "usage",
      `Cannot read "${input}" as a time: write 2h, 3d or 2026-01-31T18:00:00Z`,
    );
  }
  return new Date(time);
}
