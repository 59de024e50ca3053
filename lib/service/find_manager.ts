/**
 * The service manager of this machine.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { findProgram } from "../process/find_program.ts";
import { type Ask, askPrograms } from "./ask.ts";
import { launchd, launchdFolder } from "./launchd.ts";
import type { ServiceManager } from "./manager.ts";
import { checkServiceName, type ServiceScope } from "./service_spec.ts";
import { systemd, systemdFolder } from "./systemd.ts";

/** Reads an environment variable. */
type Environment = (name: string) => string | undefined;

/** Which service. */
export interface SoughtService {
  /** Its name. */
  readonly name: string;
  /** Whose it is. */
  readonly scope: ServiceScope;
  /** The state directory that it works on. */
  readonly stateDir: string;
  /** Whether its file is only looked at: for another machine, or a manager of the owner's own. */
  readonly isForShow?: boolean;
}

/**
 * Finds the service manager.
 *
 * @param env The environment.
 * @param sought Which service.
 * @returns Its manager.
 * @throws {MeshError} `usage` on Windows and for names that cannot be, `unavailable` if there is none.
 */
export async function findManager(
  env: Environment,
  sought: SoughtService,
): Promise<ServiceManager> {
  const { scope, stateDir, isForShow = false } = sought;
  const name = checkServiceName(sought.name);
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
  if (!isForShow && !await findProgram("systemctl")) {
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
async function runtimeFolder(env: Environment): Promise<string | undefined> {
  const told = env("XDG_RUNTIME_DIR");
  if (told) return told;
  const uid = (await askPrograms({})(["id", "-u"])).stdout.trim();
  const folder = `/run/user/${uid}`;
  return await Deno.stat(`${folder}/bus`).then(() => folder, () => undefined);
}

async function userName(ask: Ask): Promise<string | undefined> {
  return (await ask(["id", "-un"])).stdout.trim() || undefined;
}
