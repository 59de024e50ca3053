/**
 * The `mesh` section of `config.json`: where Agent Mesh V1 listens, unless a command is told otherwise.
 *
 * @module
 */
import { z } from "zod";
import { ConfigSection } from "../config/config_file.ts";
import type { FileStore } from "../store/file_store.ts";
import { DEFAULT_PORT } from "./protocol.ts";

/** What the owner configured for Agent Mesh V1. */
export interface MeshConfig {
  /** The address that it binds. */
  readonly host: string;
  /** Its port; 0 lets the system choose. */
  readonly port: number;
}

const shape = z.strictObject({
  host: z.string().min(1).max(255).default("0.0.0.0"),
  port: z.int().min(0).max(65_535).default(DEFAULT_PORT),
});

/**
 * The section of a root.
 *
 * @param store The root's store.
 * @returns Reads and changes it.
 */
export function meshConfig(store: FileStore): ConfigSection<MeshConfig> {
  return new ConfigSection<MeshConfig>(store, "mesh", shape);
}
