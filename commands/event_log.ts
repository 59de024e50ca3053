/**
 * The log of a daemon's events: what it tells on the terminal is logged, too, and what it leads to is
 * followed by an id.
 *
 * @module
 */
import { logConfig } from "../lib/log/config.ts";
import { startCorrelating } from "../lib/log/correlation.ts";
import { configuredSecrets } from "../lib/log/known_secrets.ts";
import { parseLogLevel } from "../lib/log/level.ts";
import { Logging } from "../lib/log/logging.ts";
import { findOcgConfig } from "../lib/ocg/config_file.ts";
import { openFileStore } from "../lib/store/file_store.ts";
import type { ActionContext } from "./define.ts";

/** The variable that says how much is logged; it wins over the file. */
const LEVEL = "MESH_LOG_LEVEL";

/**
 * Begins to log, as `config.json` and `MESH_LOG_LEVEL` say.
 *
 * @param context The environment.
 * @param root The state directory.
 * @param daemon What the process runs as, such as `serve`.
 * @returns The log; dispose of it at the end.
 * @throws {MeshError} `usage` for a level that is none, `config_invalid`.
 */
export async function openEventLog(
  { env }: Pick<ActionContext, "env">,
  root: string,
  daemon: string,
): Promise<Logging> {
  const { level, ...config } = await logConfig(openFileStore(root)).read();
  const wanted = env(LEVEL);
  const files = [`${root}/config.json`, await findOcgConfig(root, env)];
  await startCorrelating();
  return new Logging({
    ...config,
    level: wanted ? parseLogLevel(wanted) : level,
    secrets: await configuredSecrets(files),
    root,
    daemon,
  });
}
