/**
 * What a plugin's host gets to see of this machine: the way to the network, and a home of its own. None of
 * our variables, in which there may be secrets, and none of the owner's files by default.
 *
 * @module
 */
import type { Environment } from "../config_file.ts";

/** Variables that are passed on: where programs are, how to speak, and how to get to the network. */
const PASSED: readonly string[] = [
  ...["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
  ...["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "DENO_TLS_CA_STORE"],
];

/**
 * The environment of a host.
 *
 * @param env Reads our own.
 * @param folder The folder that is the account's own.
 * @returns All variables.
 */
export function hostEnvironment(env: Environment, folder: string): Record<string, string> {
  const variables: Record<string, string> = {
    HOME: folder,
    USERPROFILE: folder,
    OPENCLAW_STATE_DIR: folder,
    OPENCLAW_CONFIG_PATH: `${folder}/openclaw.json`,
    NO_COLOR: "1",
    NODE_OPTIONS: "",
    DENO_DIR: `${folder}/.deno`,
    DENO_NO_UPDATE_CHECK: "1",
  };
  for (const name of PASSED) {
    const value = env(name);
    if (value) variables[name] = value;
  }
  return variables;
}
