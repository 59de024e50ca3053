/**
 * The service manager of this machine, for the service that a command is about.
 *
 * @module
 */
import { findManager } from "../../lib/service/find_manager.ts";
import type { ServiceManager } from "../../lib/service/manager.ts";
import type { ActionContext } from "../define.ts";
import { stateDirectory } from "../state_directory.ts";
import type { ServiceFlags } from "./routes.ts";

/**
 * Finds the service manager.
 *
 * @param context The environment.
 * @param flags Which service.
 * @param isForShow Whether its file is only looked at, which takes no manager.
 * @returns Its manager.
 * @throws {MeshError} `usage` on Windows and for names that cannot be, `unavailable` if there is none.
 */
export async function openManager(
  { env }: ActionContext,
  flags: ServiceFlags,
  isForShow = false,
): Promise<ServiceManager> {
  const scope = flags.system ? "system" : "user";
  const stateDir = stateDirectory(flags, env);
  return await findManager(env, { name: flags.name, scope, stateDir, isForShow });
}
