/**
 * Services of launchd: agents of one user, or daemons of the machine.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { Ask } from "./ask.ts";
import { launchdLabel, launchdPlist } from "./launchd_plist.ts";
import type { ServiceManager, ServiceStatus } from "./manager.ts";
import type { ServiceScope } from "./service_spec.ts";

/** What the manager needs to know of the user. */
export interface LaunchdOptions {
  /** The service's name. */
  readonly name: string;
  /** Whose service. */
  readonly scope: ServiceScope;
  /** The folder of property lists; see {@linkcode launchdFolder}. */
  readonly folder: string;
  /** The user's number. */
  readonly uid: number;
  /** The state directory, which has the log. */
  readonly stateDir: string;
  /** How programs are asked. */
  readonly ask: Ask;
}

/** Exit codes of launchctl: it knows no such service, and it has it already. */
const NO_SUCH_SERVICE = 113;
const NO_SUCH_PROCESS = 3;

/**
 * Where property lists of the owner's own are.
 *
 * @param scope Whose services.
 * @param home The home directory.
 * @returns The folder.
 */
export function launchdFolder(scope: ServiceScope, home: string): string {
  return scope === "system" ? "/Library/LaunchDaemons" : `${home}/Library/LaunchAgents`;
}

/**
 * The service manager of launchd.
 *
 * @param options Which service, and how to ask.
 * @returns The manager.
 */
export function launchd(options: LaunchdOptions): ServiceManager {
  const { name, scope, folder, uid, ask } = options;
  const label = launchdLabel(name);
  const domain = scope === "system" ? "system" : `gui/${uid}`;
  const target = `${domain}/${label}`;
  const path = `${folder}/${label}.plist`;
  const logs = `tail "${options.stateDir}/run/${name}-service.log"`;

  async function demand(what: string, ...args: string[]): Promise<void> {
    const { code, complaint } = await ask(["launchctl", ...args]);
    if (code === 0) return;
    throw new MeshError("unavailable", `Cannot ${what}: ${complaint || `exit code ${code}`}`, {
      hint: /Domain does not support|125:/.test(complaint)
        ? "log in at the screen once, or as root: mesh service install --system"
        : logs,
    });
  }

  const isLoaded = async () => (await ask(["launchctl", "print", target])).code === 0;
  async function unload(): Promise<void> {
    const { code, complaint } = await ask(["launchctl", "bootout", target]);
    if ([0, NO_SUCH_SERVICE, NO_SUCH_PROCESS].includes(code)) return;
    throw new MeshError("unavailable", `Cannot stop ${label}: ${complaint || `exit code ${code}`}`);
  }
  async function start(): Promise<void> {
    if (await isLoaded()) await demand(`start ${label}`, "kickstart", target);
    else await demand(`start ${label}`, "bootstrap", domain, path);
  }
  return {
    kind: "launchd",
    scope,
    path,
    unit: label,
    logs,
    text: launchdPlist,
    start,
    // What is only killed is started again at once; without being loaded, it stays down until it is asked
    // for or the next login.
    stop: unload,
    async restart() {
      if (await isLoaded()) await demand(`restart ${label}`, "kickstart", "-k", target);
      else await start();
    },
    async enable(now) {
      // A list that is loaded is not read again.
      await unload();
      await demand(`enable ${label}`, "enable", target);
      if (now) await start();
    },
    async disable() {
      await unload();
      await demand(`disable ${label}`, "disable", target);
    },
    forget: () => Promise.resolve(),
    async status() {
      const { code, stdout } = await ask(["launchctl", "print", target]);
      return code === 0 ? statusOf(stdout) : { state: "not loaded", running: false };
    },
    advice: () =>
      Promise.resolve(
        scope === "user"
          ? "It starts when you log in; to have it run from boot on: sudo mesh service install --system"
          : undefined,
      ),
  };
}

/**
 * Reads what `launchctl print` prints.
 *
 * @param text Lines of `name = value` with a tab before them; those of deeper levels have more.
 * @returns The same, as a status.
 */
export function statusOf(text: string): ServiceStatus {
  const value = (name: string) => new RegExp(`^\\t${name} = (.*)$`, "m").exec(text)?.[1];
  const state = value("state") ?? "unknown";
  const pid = Number(value("pid") ?? 0);
  const code = value("last exit code");
  const clean = code === undefined || code === "0" || code.startsWith("(");
  return {
    state,
    running: state === "running",
    enabled: true,
    ...(pid > 0 ? { pid } : {}),
    ...(clean ? {} : { ended: `exit code ${code}` }),
  };
}
