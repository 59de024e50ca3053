/**
 * What the compiled program may do. It is baked in by `deno compile`: no flag, variable or prompt widens
 * it afterwards. Loading native libraries is not on the list. Starting programs is, since the owner may
 * name handlers and tunnels that lie anywhere; a daemon whose owner named none gives it up before it
 * listens, so that a fault in the handling of a peer's message cannot end in it.
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
  "OCG_CONFIG_PATH", // where the configuration of chat channels is
  "OCG_AGENT_URL", // which agent they talk to
  "OCG_MODEL", // its model
  "OCG_API_KEY", // its key
  "OCG_VERBOSE", // whether to tell more of them
  "OPENCLAW_STATE_DIR", // where OpenClaw keeps its skills
  "CLAUDE_CONFIG_DIR", // where Claude Code does
  "PATH", // where the programs are that the owner named
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

/** The permission flags for `deno compile`, and for `deno run` where it should behave the same. */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt", // a daemon has nobody to ask
  "--allow-net", // peers may be anywhere
  "--allow-read", // the state folder and the files of messages may be anywhere
  "--allow-write", // the same, and the lock files
  `--allow-env=${ENVIRONMENT.join(",")}`,
  `--allow-sys=${SYSTEM.join(",")}`,
  "--allow-run", // itself in the background; handlers, commands and tunnels that the owner named
];
