/**
 * The unit file of systemd.
 *
 * @module
 */
import { checkServiceSpec, daemonOf, MARK, type ServiceSpec } from "./service_spec.ts";
import { commandLine, settingWord } from "./systemd_words.ts";

/**
 * Readiness: the daemon cannot send datagrams to systemd's socket by any stable means of its platform, so a
 * second command waits until it has announced that it listens, and systemd waits for that command.
 */
const READY_SECONDS = 80;

/**
 * What an unprivileged manager can impose, too. V8 compiles while it runs, so memory that is both written
 * and executed (`MemoryDenyWriteExecute`) has to stay allowed.
 */
const EVERYWHERE = [
  "NoNewPrivileges=yes",
  "LockPersonality=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "RestrictNamespaces=yes",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service @pkey",
  "SystemCallErrorNumber=EPERM",
  "UMask=0077",
];

/** What takes the machine's own manager: file systems of the service's own, and no capability. */
const SYSTEM_ONLY = [
  "CapabilityBoundingSet=",
  "ProtectSystem=strict",
  "ProtectHome=read-only",
  "PrivateDevices=yes",
  "ProtectClock=yes",
  "ProtectHostname=yes",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelLogs=yes",
  "ProtectControlGroups=yes",
  "ProtectProc=invisible",
  "RemoveIPC=yes",
];

/**
 * Writes a unit file.
 *
 * @param spec What it is to run.
 * @returns The file's text. It starts after a failure again, every 10 seconds and for ever, but not after
 * the exit codes that say that starting again is of no use (2 usage and configuration, 3 nothing there).
 * @throws {MeshError} `usage` for paths with control characters.
 */
export function systemdUnit(spec: ServiceSpec): string {
  checkServiceSpec(spec);
  const system = spec.scope === "system";
  const state = ["--state-dir", spec.stateDir];
  const start = commandLine([...spec.program, ...spec.command, ...state]);
  const daemon = ["--daemon", daemonOf(spec.command)];
  const wait = commandLine([...spec.program, "service", "ready", ...state, ...daemon]);
  const edit = `systemctl ${system ? "" : "--user "}edit ${spec.name}`;
  const lines = [
    `# ${MARK}`,
    `# Changes of your own belong into a file that outlives an upgrade: ${edit}`,
    "",
    "[Unit]",
    `Description=mesh ${spec.command.join(" ").replaceAll("%", "%%")}`,
    "Documentation=man:mesh(1)",
    ...(system ? ["Wants=network-online.target", "After=network-online.target"] : []),
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    ...(spec.user === undefined ? [] : [`User=${settingWord(spec.user)}`]),
    `Environment=${settingWord(`PATH=${spec.path}`)}`,
    `ExecStart=${start}`,
    "# Done when the daemon listens: only then it counts as started.",
    `ExecStartPost=${wait} --pid $MAINPID --timeout ${READY_SECONDS}s`,
    "Restart=on-failure",
    "RestartSec=10",
    "RestartPreventExitStatus=2 3",
    "KillMode=mixed",
    "TimeoutStopSec=30",
    "",
    "# A program of yours that builds a sandbox of its own (bubblewrap, a browser) needs",
    "# RestrictNamespaces=no and an empty SystemCallFilter= in the file named above.",
    ...EVERYWHERE,
    ...(system ? hidden(spec) : []),
    "",
    "[Install]",
    `WantedBy=${system ? "multi-user.target" : "default.target"}`,
  ];
  return lines.join("\n") + "\n";
}

function hidden({ program: [program = ""], stateDir, writable }: ServiceSpec): string[] {
  const needed = [program, stateDir, ...writable];
  // With temporary folders of its own it would not see what is in those of the machine.
  const temporary = needed.some((path) => /^\/(?:var\/)?tmp\//.test(path));
  const paths = [stateDir, ...writable].map(settingWord).join(" ");
  return [
    ...SYSTEM_ONLY,
    ...(temporary ? [] : ["PrivateTmp=yes"]),
    "# Where it, and what it starts, may write.",
    `ReadWritePaths=${paths}`,
  ];
}
