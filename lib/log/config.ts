/**
 * The `log` section of `config.json`: how much is logged, and how large logs may grow.
 *
 * @module
 */
import { z } from "zod";
import { ConfigSection } from "../config/config_file.ts";
import type { FileStore } from "../store/file_store.ts";
import { LOG_LEVELS, type LogLevel } from "./level.ts";

/** What the owner configured for logs. */
export interface LogConfig {
  /** The least important level that is logged. */
  readonly level: LogLevel;
  /** Whether the texts of messages are logged, too. */
  readonly bodies: boolean;
  /** Bytes from which on a file is set aside. */
  readonly maxBytes: number;
  /** How many files that were set aside are kept, for each daemon. */
  readonly keep: number;
}

const shape = z.strictObject({
  level: z.enum(LOG_LEVELS).default("info"),
  bodies: z.boolean().default(false),
  maxBytes: z.int().min(10_000).max(1e9).default(5_000_000),
  keep: z.int().min(0).max(99).default(4),
});

/**
 * The section of a root.
 *
 * @param store The root's store.
 * @returns Reads and changes it.
 */
export function logConfig(store: FileStore): ConfigSection<LogConfig> {
  return new ConfigSection<LogConfig>(store, "log", shape);
}
