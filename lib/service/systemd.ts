/**
 * Services of systemd: of one user (`systemctl --user`), or of the machine.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { Answer, Ask } from "./ask.ts";
import type { ServiceManager, ServiceStatus } from "./manager.ts";
import type { ServiceScope } from "./service_spec.ts";
import { systemdUnit } from "./systemd_unit.ts";

/** What the manager needs to know of the user. */
export interface SystemdOptions {
  /** The service's name. */
  readonly name: string;
  /** Whose service. */
  readonly scope: ServiceScope;
  /** The folder of unit files; see {@linkcode systemdFolder}. */
  readonly folder: string;
  /** How programs are asked. */
  readonly ask: Ask;
  /** The user's name, if it is known, to see whether services outlive the session. */
  readonly user?: string | undefined;
  /** Where systemd lists the users whose services do; for tests. */
  readonly lingering?: string;
}

/** Milliseconds for a start or a stop; systemd itself gives up after 90 seconds. */
const WAIT = 120_000;

const NO_MANAGER = /connect to bus|not been booted with systemd|No medium found|Host is down/;

/**
 * Where unit files of the owner's own are.
 *
 * @param scope Whose services.
 * @param home The home directory.
 * @param configHome `XDG_CONFIG_HOME`, if set.
 * @returns The folder.
 */
export function systemdFolder(scope: ServiceScope, home: string, configHome?: string): string {
  if (scope === "system") return "/etc/systemd/system";
  return `${configHome || `${home}/.config`}/systemd/user`;
}

/**
 * The service manager of systemd.
 *
 * @param options Which service, and how to ask.
 * @returns The manager.
 */
export function systemd(options: SystemdOptions): ServiceManager {
  const { name, scope, folder, ask } = options;
  const unit = `${name}.service`;
  const path = `${folder}/${unit}`;
  const flag = scope === "user" ? ["--user"] : [];
  const logs = `journalctl ${scope === "user" ? "--user " : ""}--unit ${name}`;

  async function tell(args: readonly string[], timeoutMs?: number): Promise<Answer> {
    const answer = await ask(["systemctl", ...flag, ...args], timeoutMs);
    if (answer.code !== 0 && NO_MANAGER.test(answer.complaint)) throw unreachable(scope, answer);
    return answer;
  }

  async function demand(what: string, args: readonly string[], timeoutMs?: number): Promise<void> {
    const { code, complaint } = await tell(args, timeoutMs);
    if (code === 0) return;
    throw new MeshError("unavailable", `Cannot ${what}: ${complaint || `exit code ${code}`}`, {
      hint: /denied|authentication|Permission/i.test(complaint)
        ? "as root: sudo mesh service … --system"
        : logs,
    });
  }

  const show = async () =>
    statusIn((await tell(["show", unit, `--property=${PROPERTIES.join(",")}`])).stdout);

  /** What systemctl says of a failed start is where to look; how it ended says more. */
  async function launch(verb: "start" | "restart"): Promise<void> {
    try {
      await demand(`${verb} ${unit}`, [verb, unit], WAIT);
    } catch (error) {
      const { ended } = await show();
      if (ended === undefined) throw error;
      throw new MeshError("unavailable", `${unit} does not start; it ended with ${ended}`, {
        hint: logs,
        cause: error,
      });
    }
  }

  const reload = () => demand("have unit files read again", ["daemon-reload"]);
  return {
    kind: "systemd",
    scope,
    path,
    unit,
    logs,
    text: systemdUnit,
    start: () => launch("start"),
    restart: () => launch("restart"),
    stop: () => demand(`stop ${unit}`, ["stop", unit], WAIT),
    async enable(now) {
      await reload();
      await demand(`enable ${unit}`, ["enable", unit]);
      // One that runs already is to run as the file says now.
      if (now) await launch("restart");
    },
    async disable() {
      await demand(`disable ${unit}`, ["disable", "--now", unit], WAIT);
    },
    async forget() {
      await reload();
      // It complains if there is nothing to forget.
      await tell(["reset-failed", unit]);
    },
    status: show,
    async advice() {
      if (scope === "system" || !options.user) return undefined;
      const lingering = `${options.lingering ?? "/var/lib/systemd/linger"}/${options.user}`;
      const lingers = await Deno.stat(lingering).then(() => true, () => false);
      if (lingers) return undefined;
      return "It ends when you log out and starts when you log in; to have it run from boot on: " +
        "loginctl enable-linger";
    },
  };
}

const PROPERTIES = [
  "ActiveState",
  "SubState",
  "MainPID",
  "ActiveEnterTimestamp",
  "UnitFileState",
  "Result",
  "ExecMainStatus",
  "NRestarts",
];

/**
 * Reads what `systemctl show` prints.
 *
 * @param text Lines of `name=value`.
 * @returns The same, as a status.
 */
export function statusIn(text: string): ServiceStatus {
  const said = new Map(
    text.split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  const state = said.get("ActiveState") || "unknown";
  const sub = said.get("SubState");
  const pid = Number(said.get("MainPID") ?? 0);
  const result = said.get("Result") || "success";
  const restarts = Number(said.get("NRestarts") ?? 0);
  return {
    state: sub && sub !== state ? `${state} (${sub})` : state,
    running: state === "active",
    enabled: said.get("UnitFileState") === "enabled",
    ...(pid > 0 ? { pid } : {}),
    ...(state === "active" ? { since: said.get("ActiveEnterTimestamp") } : {}),
    ...(result === "success" ? {} : { ended: endOf(result, said.get("ExecMainStatus") ?? "") }),
    ...(restarts > 0 ? { restarts } : {}),
  };
}

function endOf(result: string, status: string): string {
  if (result === "exit-code") return `exit code ${status}`;
  return result === "signal" ? `signal ${status}` : result;
}

function unreachable(scope: ServiceScope, { complaint: all }: Answer): MeshError {
  const complaint = all.split("; ")[0]?.replace(/\.$/, "");
  if (scope === "system") {
    return new MeshError("unavailable", `This machine does not run systemd: ${complaint}`, {
      hint: "let what starts programs here run: mesh up",
    });
  }
  return new MeshError(
    "unavailable",
    `This user's service manager cannot be reached, since there is no session bus: ${complaint}`,
    {
      hint: "loginctl enable-linger, then log in again and repeat this; " +
        "or as root: mesh service install --system",
    },
  );
}
