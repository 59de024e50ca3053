/**
 * How a service is shown.
 *
 * @module
 */
import type { ServiceManager, ServiceStatus } from "../../lib/service/manager.ts";
import { unitFile } from "../../lib/service/unit_file.ts";
import { lookAtMarked } from "../../lib/store/marked_file.ts";
import { MeshError } from "../../lib/error.ts";
import { safeText, type Terminal } from "../terminal.ts";
import type { ServiceFlags } from "./routes.ts";

/**
 * The flags that lead to the same service again.
 *
 * @param flags The command's flags.
 * @returns Such as ` --system`; empty for this user's service `mesh`.
 */
export function flagsOf({ system, name }: ServiceFlags): string {
  return (system ? " --system" : "") + (name === "mesh" ? "" : ` --name ${name}`);
}

/**
 * Makes sure that there is a service.
 *
 * @param manager The service manager.
 * @param flags The command's flags.
 * @throws {MeshError} `not_found` if it is not installed.
 */
export async function assertInstalled(manager: ServiceManager, flags: ServiceFlags): Promise<void> {
  if (await lookAtMarked(unitFile(manager.path)) !== "absent") return;
  throw new MeshError("not_found", `The service "${flags.name}" is not installed`, {
    hint: `mesh service install${flagsOf(flags)}`,
  });
}

/**
 * Shows what the service manager says.
 *
 * @param terminal Where.
 * @param manager The service manager.
 * @param status What it says.
 */
export function showStatus(
  terminal: Terminal,
  manager: ServiceManager,
  status: ServiceStatus,
): void {
  const { kind, scope, unit, path, logs } = manager;
  const { state, running, enabled, pid, since, ended, restarts } = status;
  terminal.document({
    ok: running,
    manager: kind,
    scope,
    unit,
    path,
    state,
    running,
    enabled: enabled ?? null,
    pid: pid ?? null,
    since: since ?? null,
    ended: ended ?? null,
    restarts: restarts ?? 0,
    logs,
  });
  const row = (name: string, value: string) => terminal.line(`  ${name.padEnd(9)} ${value}`);
  const whose = scope === "user" ? "of this user" : "of this machine";
  terminal.line(`${unit}, ${whose}: ${safeText(state)}`);
  if (pid !== undefined) row("process", String(pid));
  if (since) row("since", safeText(since));
  if (enabled !== undefined) row("at start", enabled ? "comes up by itself" : "does not come up");
  if (ended !== undefined) row("ended", safeText(ended));
  if (restarts) row("restarts", String(restarts));
  row("file", safeText(path));
  row("log", safeText(logs));
}
