/**
 * The sections that `config.json` may have, and which of their keys count only when a daemon starts.
 *
 * @module
 */
import { adminConfig } from "../../lib/config/admin.ts";
import type { ConfigSection } from "../../lib/config/config_file.ts";
import { logConfig } from "../../lib/log/config.ts";
import { meshConfig } from "../../lib/mesh/config.ts";
import { notifyConfig } from "../../lib/notify/config.ts";
import { ogpConfig } from "../../lib/ogp/config.ts";
import type { FileStore } from "../../lib/store/file_store.ts";

/** A section. */
export interface Surface {
  /** Its key in the file. */
  readonly name: string;
  /** The section of a root. */
  readonly open: (store: FileStore) => ConfigSection<unknown>;
  /**
   * Whether a daemon that runs has to start again before a change counts.
   *
   * @param keys The keys that lead to what changed, within the section.
   * @param section The section as it is now.
   */
  readonly needsRestart: (keys: readonly string[], section: unknown) => boolean;
}

/** What a gateway reads once: where it listens, how often it looks at peers, and the guard's limits. */
const OGP_AT_START = ["daemonPort", "host", "onMeshPort", "heartbeatMinutes", "loopLimits"];

/** The sections, in the order in which they are shown. */
export const SURFACES: readonly Surface[] = [
  { name: "mesh", open: meshConfig, needsRestart: () => true },
  {
    name: "ogp",
    open: ogpConfig,
    needsRestart: ([key = ""]) => OGP_AT_START.includes(key),
  },
  {
    name: "notify",
    open: notifyConfig,
    // A daemon whose owner named no program has given up the right to start any.
    needsRestart: ([key], section) =>
      key === "targets" &&
      Object.values((section as { targets: Record<string, { type: string }> }).targets)
        .some(({ type }) => type === "command"),
  },
  { name: "log", open: logConfig, needsRestart: () => true },
  { name: "admin", open: adminConfig, needsRestart: () => true },
];
