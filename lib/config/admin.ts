/**
 * The `admin` section of `config.json`: whether this machine's own programs can ask a daemon how it is.
 *
 * @module
 */
import { z } from "zod";
import { ConfigSection } from "./config_file.ts";
import type { FileStore } from "../store/file_store.ts";

/** The port unless configured otherwise. */
const ADMIN_PORT = 8788;

/** What the owner configured for the admin surface. */
export interface AdminConfig {
  /** Whether there is one. */
  readonly enabled: boolean;
  /** Its port; 0 lets the system choose. The address is always 127.0.0.1. */
  readonly port: number;
  /** Names beside this machine's own under which it may be asked, such as that of a reverse proxy. */
  readonly hosts: readonly string[];
}

const shape = z.strictObject({
  enabled: z.boolean().default(true),
  port: z.int().min(0).max(65_535).default(ADMIN_PORT),
  hosts: z.array(z.string().regex(/^[\w.-]{1,255}$/, "not a name of a machine")).max(20)
    .default([]),
});

/**
 * The section of a root.
 *
 * @param store The root's store.
 * @returns Reads and changes it.
 */
export function adminConfig(store: FileStore): ConfigSection<AdminConfig> {
  return new ConfigSection<AdminConfig>(store, "admin", shape);
}
