/**
 * What the compiled program may do. It is baked in by `deno compile`: no flag, variable or prompt widens
 * it afterwards. Loading native libraries is not on the list. Starting programs is, since the owner may
 * name handlers, agents, plugins and tunnels that lie anywhere; a daemon whose owner named none gives it
 * up before it listens, so that a fault in the handling of a peer's message cannot end in it.
 *
 * @module
 */

/** Environment variables that the program reads, each with its reason. */
export const ENVIRONMENT: readonly string[] = [
  "HOME", // where the state lives unless said otherwise
  "USERPROFILE", // the same on Windows
  "MESH_STATE_DIR", // where the state lives
  "OPENCLAW_AGENT_MESH_DIR", // the same, under the reference's name
  "MESH_LOG_LEVEL", // how much is logged
  "OGP_HOME", // where OGP's own program keeps its state, for `ogp import`
  "OCG_CONFIG_PATH", // where the configuration of chat channels is
  "OCG_AGENT_URL", // which agent they talk to
  "OCG_MODEL", // its model
  "OCG_API_KEY", // its key
  "OCG_VERBOSE", // whether to tell more of them
  "MESH_PORTABLE", // the file to start in the background, where it unpacked itself
  "OPENCLAW_STATE_DIR", // where OpenClaw keeps its skills
  "CLAUDE_CONFIG_DIR", // where Claude Code does
  "XDG_CONFIG_HOME", // where systemd keeps this user's units
  "XDG_RUNTIME_DIR", // where this user's systemd is reached
  "DBUS_SESSION_BUS_ADDRESS", // the same
  "PATH", // where the programs are that the owner named
  "NO_COLOR", // whether to paint the terminal
];

/** Variables that packages and plugins' hosts look at, each with its reason. None of them is ours. */
const SURROUNDINGS = [
  "NODE_V8_COVERAGE", // looked at by the packages that speak to Discord
  "UNDICI_NO_FG", // the same
  "JEST_WORKER_ID", // the same
  "WS_NO_BUFFER_UTIL", // the same
  "LANG", // passed on to plugins' hosts, as those below
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SystemRoot",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "DENO_TLS_CA_STORE",
  "npm_config_registry", // where npm gets plugins from, and how; passed on to it
  "npm_config_userconfig",
  "npm_config_cache",
  "NPM_CONFIG_REGISTRY",
  "NPM_CONFIG_USERCONFIG",
  "NPM_CONFIG_CACHE",
  "APPDATA",
  "LOCALAPPDATA",
  "ComSpec",
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
  `--allow-env=${[...ENVIRONMENT, ...SURROUNDINGS].join(",")}`,
  `--allow-sys=${SYSTEM.join(",")}`,
  "--allow-run", // itself in the background; handlers, commands and tunnels that the owner named
];
