/**
 * The service manager of this machine, for the service that a command is about.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { findProgram } from "../../lib/process/find_program.ts";
import { type Ask, askPrograms } from "../../lib/service/ask.ts";
import { launchd, launchdFolder } from "../../lib/service/launchd.ts";
import type { ServiceManager } from "../../lib/service/manager.ts";
import { checkServiceName, type ServiceScope } from "../../lib/service/service_spec.ts";
import { systemd, systemdFolder } from "../../lib/service/systemd.ts";
import type { ActionContext } from "../define.ts";
import { stateDirectory } from "../state_directory.ts";
import type { ServiceFlags } from "./routes.ts";

/**
 * Finds the service manager.
 *
 * @param context The environment.
 * @param flags Which service.
 * @returns Its manager.
 * @throws {MeshError} `usage` on Windows and for names that cannot be, `unavailable` if there is none.
 */
export async function openManager(
  { env }: ActionContext,
  flags: ServiceFlags,
): Promise<ServiceManager> {
  const name = checkServiceName(flags.name);
  const scope: ServiceScope = flags.system ? "system" : "user";
  const stateDir = stateDirectory(flags, env);
  const home = env("HOME");
  if (Deno.build.os === "windows") {
    throw new MeshError("usage", "On Windows, this program cannot install itself as a service", {
      hint: "let the Task Scheduler run at logon: mesh up",
    });
  }
  if (!home && scope === "user") {
    throw new MeshError("usage", "There is no home directory to keep a unit in", {
      hint: "set HOME, or: sudo mesh service install --system",
    });
  }
  if (await findProgram("launchctl")) {
    const ask = askPrograms({});
    const uid = Number((await ask(["id", "-u"])).stdout);
    const folder = launchdFolder(scope, home ?? "");
    return launchd({ name, scope, folder, uid, stateDir, ask });
  }
  if (!await findProgram("systemctl")) {
    throw new MeshError("unavailable", "There is neither systemd nor launchd on this machine", {
      hint: "let what starts programs here run: mesh up",
    });
  }
  const ask = askPrograms({
    DBUS_SESSION_BUS_ADDRESS: env("DBUS_SESSION_BUS_ADDRESS"),
    XDG_CONFIG_HOME: env("XDG_CONFIG_HOME"),
    XDG_RUNTIME_DIR: scope === "user" ? await runtimeFolder(env) : undefined,
  });
  const folder = systemdFolder(scope, home ?? "", env("XDG_CONFIG_HOME"));
  const user = scope === "user" ? await userName(ask) : undefined;
  return systemd({ name, scope, folder, ask, user });
}

/** A shell that `su` or `cron` started was not told where the user's own bus is, which is there all the same. */
async function runtimeFolder(env: ActionContext["env"]): Promise<string | undefined> {
  const told = env("XDG_RUNTIME_DIR");
  if (told) return told;
  const uid = (await askPrograms({})(["id", "-u"])).stdout.trim();
  const folder = `/run/user/${uid}`;
  return await Deno.stat(`${folder}/bus`).then(() => folder, () => undefined);
}

async function userName(ask: Ask): Promise<string | undefined> {
  return (await ask(["id", "-un"])).stdout.trim() || undefined;
}
