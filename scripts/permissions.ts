/**
 * What the compiled program may do. It is baked in by `deno compile`: no flag, variable or prompt widens
 * it afterwards. Starting other programs and loading native libraries are not on the list, so a fault in
 * the handling of a peer's message cannot end in either. The one program that it may start is itself, for
 * `ogp start --background`, and a daemon gives that up, too, before it listens.
 *
 * @module
 */

/** Environment variables that the program reads, each with its reason. */
const ENVIRONMENT = [
  "HOME", // where the state lives unless said otherwise
  "USERPROFILE", // the same on Windows
  "MESH_STATE_DIR", // where the state lives
  "OPENCLAW_AGENT_MESH_DIR", // the same, under the reference's name
  "OGP_HOME", // where OGP's own program keeps its state, for `ogp import`
  "NO_COLOR", // whether to paint the terminal
];

/**
 * Facts of the system that the program reads, each with its reason. Not on it, though `node:https` asks
 * for it by default: `ca`, the list of root certificates. Deno 2.9 cannot grant it by name, and a
 * connection made with `tls.connect` checks certificates without it.
 */
const SYSTEM = [
  "networkInterfaces", // the endpoint that `init` guesses, the networks that `scan` looks through
  "statfs", // the free space that `doctor` looks at
];

/**
 * What this program is called where it is to start itself. Linux has a name that is always the running
 * program and nothing else; elsewhere it is looked up on the `PATH`, when the program starts, as `mesh`.
 */
const ITSELF = { linux: "/proc/self/exe", elsewhere: "mesh" } as const;

/**
 * The permission flags for `deno compile`.
 *
 * @param target The target that is compiled for, under Deno's name.
 * @returns The flags.
 */
export function permissionsFor(target: string): string[] {
  const itself = target.includes("linux") ? ITSELF.linux : ITSELF.elsewhere;
  return [
    "--no-prompt", // a daemon has nobody to ask
    "--allow-net", // peers may be anywhere
    "--allow-read", // the state folder and the files of messages may be anywhere
    "--allow-write", // the same, and the lock files
    `--allow-env=${ENVIRONMENT.join(",")}`,
    `--allow-sys=${SYSTEM.join(",")}`,
    `--allow-run=${itself}`,
  ];
}

/** The flags for this machine, for `deno run` where it should behave like the compiled program. */
export const PERMISSIONS: readonly string[] = permissionsFor(Deno.build.target);
