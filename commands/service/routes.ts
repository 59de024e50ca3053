/** Declares `mesh service …`. @module */
import { buildRouteMap } from "@stricli/core";
import { DEFAULT_SERVICE } from "../../lib/service/service_spec.ts";
import { defineCommand, type MeshContext } from "../define.ts";
import { type CommonFlags, parseDuration } from "../flags.ts";

/** Flags of all of them: which service. */
export interface ServiceFlags extends CommonFlags {
  readonly system: boolean;
  readonly name: string;
}

/** Flags of `mesh service install`. */
export interface InstallFlags extends ServiceFlags {
  readonly start: boolean;
  readonly print: boolean;
  readonly runAs?: string;
  readonly writable?: readonly string[];
}

/** Flags of the hidden `mesh service ready`. */
export interface ReadyFlags extends CommonFlags {
  readonly pid?: string;
  readonly daemon?: string;
  readonly timeout: number;
}

const which = {
  system: {
    kind: "boolean",
    brief: "The machine's service, which starts at boot; needs root",
    default: false,
    withNegated: false,
  },
  name: {
    kind: "parsed",
    parse: String,
    placeholder: "name",
    brief: "The service's name, for more than one on a machine",
    default: DEFAULT_SERVICE,
  },
} as const;

const install = defineCommand<InstallFlags, string[]>({
  brief: "Have mesh come up by itself, and start it",
  description:
    "Writes a unit for systemd, or a property list for launchd, and has the service manager start it: at\n" +
    "login for this user, or at boot with --system. It is started again after a failure, and may do as\n" +
    "little as works. Without a command it runs mesh up; the state directory is part of the service.\n" +
    "With --system it runs as the owner of the state directory.\n\n" +
    "To install again brings an installed service up to date. A file of that name that this program has\n" +
    "not written is left alone.",
  examples: [
    ["mesh service install", "for this user: starts at login, see loginctl enable-linger"],
    ["sudo mesh service install --system --state-dir ~/.openclaw/agent-mesh", "starts at boot"],
    ["mesh service install --name gateway -- ogp start --port 18900", "another command"],
    ["mesh service install --print", "only show the file, for a manager of your own"],
  ],
  flags: {
    ...which,
    start: { kind: "boolean", brief: "Start it right now", default: true },
    print: {
      kind: "boolean",
      brief: "Print the file, and change nothing",
      default: false,
      withNegated: false,
    },
    runAs: {
      kind: "parsed",
      parse: String,
      placeholder: "user",
      brief: "Who runs it, with --system (default: whom the state directory belongs to)",
      optional: true,
    },
    writable: {
      kind: "parsed",
      parse: String,
      placeholder: "dir",
      brief: "A folder that programs of yours write to, with --system; may be repeated",
      optional: true,
      variadic: true,
    },
  },
  positional: {
    kind: "array",
    parameter: {
      brief: "The command to run (default: up)",
      parse: String,
      placeholder: "command",
    },
  },
  action: () => import("./install_action.ts"),
});

const uninstall = defineCommand<ServiceFlags>({
  brief: "Stop the service, and have it come up no more",
  description: "The state directory stays as it is.",
  examples: [["mesh service uninstall", "this user's service"]],
  flags: which,
  action: () => import("./uninstall_action.ts"),
});

const start = defineCommand<ServiceFlags>({
  brief: "Start the service, and wait until it listens",
  examples: [["mesh service start", "this user's service"]],
  flags: which,
  action: () => import("./start_action.ts"),
});

const stop = defineCommand<ServiceFlags>({
  brief: "Stop the service until it is started, or comes up by itself, again",
  examples: [["mesh service stop", "this user's service"]],
  flags: which,
  action: () => import("./stop_action.ts"),
});

const restart = defineCommand<ServiceFlags>({
  brief: "Stop the service and start it, such as after an upgrade",
  examples: [["mesh service restart", "this user's service"]],
  flags: which,
  action: () => import("./restart_action.ts"),
});

const status = defineCommand<ServiceFlags>({
  brief: "Repeat what the service manager says of the service",
  description: "The exit code is 3 if it is not installed or does not run.",
  examples: [
    ["mesh service status", "this user's service"],
    ["mesh service status --system --json", "the machine's, for a program"],
  ],
  flags: which,
  action: () => import("./status_action.ts"),
});

// What a unit of systemd runs beside the daemon.
const ready = defineCommand<ReadyFlags>({
  brief: "Wait until a daemon of this state directory listens",
  examples: [["mesh service ready --pid 4711", "as the unit of systemd does"]],
  flags: {
    pid: {
      kind: "parsed",
      parse: String,
      placeholder: "process",
      brief: "The daemon's process (default: any)",
      optional: true,
    },
    daemon: {
      kind: "parsed",
      parse: String,
      placeholder: "name",
      brief: "What it runs as, such as up or serve (default: anything)",
      optional: true,
    },
    timeout: {
      kind: "parsed",
      parse: parseDuration,
      placeholder: "time",
      brief: "How long to wait",
      default: "80s",
    },
  },
  action: () => import("./ready_action.ts"),
});

const routes = { install, uninstall, start, stop, restart, status, ready };

/** `mesh service`. */
export const service = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Have mesh come up by itself",
    fullDescription:
      "Has the service manager of this machine run mesh: systemd, or launchd on macOS.\n\n" +
      "EXAMPLES\n" +
      "  mesh service install  # come up when this user logs in, and right now\n" +
      "  mesh service status   # what the service manager says of it",
    hideRoute: { ready: true },
  },
});
