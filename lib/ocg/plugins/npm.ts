/**
 * Runs npm, and says in a sentence what it says in pages. The pages are kept in a file.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { findProgram } from "../../process/find_program.ts";
import { type RunEnd, runProgram, type RunResult } from "../../process/run.ts";
import { openFileStore } from "../../store/file_store.ts";
import type { Environment } from "../config_file.ts";
import { PLUGINS } from "./places.ts";

/** What npm needs to know to get to its registry; everything else of our environment stays here. */
const PASSED: readonly string[] = [
  ...["npm_config_registry", "npm_config_userconfig", "npm_config_cache"],
  ...["NPM_CONFIG_REGISTRY", "NPM_CONFIG_USERCONFIG", "NPM_CONFIG_CACHE"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
  ...["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "TMPDIR", "TEMP", "TMP", "APPDATA", "LOCALAPPDATA"],
  ...["HOME", "USERPROFILE", "SystemRoot", "ComSpec", "PATH"],
];

const VIEW_MS = 2 * 60_000;
const INSTALL_MS = 30 * 60_000;
const LOG_BYTES = 1024 * 1024;

/** Where npm's own words are, below the state directory. */
const NPM_LOG = `${PLUGINS}/npm.log`;

/** How npm is run. */
export interface NpmOptions {
  /** The state directory. */
  readonly root: string;
  /** Reads our environment. */
  readonly env: Environment;
  /** Interrupts it. */
  readonly signal?: AbortSignal | undefined;
}

/** A package as the registry describes it: its fields as they are. */
export type PackageFacts = Readonly<Record<string, unknown>>;

/** npm, found on the path. */
export class Npm {
  readonly #program: string;
  readonly #options: NpmOptions;

  private constructor(program: string, options: NpmOptions) {
    this.#program = program;
    this.#options = options;
  }

  /**
   * Finds npm.
   *
   * @param options How it is run.
   * @returns It.
   * @throws {MeshError} `unavailable` if there is none.
   */
  static async find(options: NpmOptions): Promise<Npm> {
    const program = await findProgram("npm", options.env("PATH"));
    if (program) return new Npm(program, options);
    throw new MeshError("unavailable", "There is no npm on the PATH, which installs plugins", {
      hint: "install Node.js, which brings npm: https://nodejs.org",
    });
  }

  /**
   * Looks a package up.
   *
   * @param spec Such as `@openclaw/qqbot` or `@openclaw/qqbot@2026.7.35`.
   * @returns Its name, version, `dist.integrity`, `openclaw`, `peerDependencies` and `engines`.
   * @throws {MeshError} `not_found` if the registry has none, `usage` if more than one version is meant.
   */
  async view(spec: string): Promise<PackageFacts> {
    const fields = ["name", "version", "dist.integrity", "openclaw", "peerDependencies", "engines"];
    const { stdout } = await this.#run(
      ["view", spec, "--json", ...fields],
      undefined,
      VIEW_MS,
      spec,
    );
    const facts = parse(stdout);
    if (Array.isArray(facts)) {
      throw new MeshError("usage", `"${spec}" means ${facts.length} versions`, {
        hint: "name one version, or none for the newest",
      });
    }
    if (typeof facts === "object" && facts !== null) return facts as PackageFacts;
    throw new MeshError("not_found", `The registry has no package "${spec}"`);
  }

  /**
   * Installs packages into a folder of their own, without running anything of theirs.
   *
   * @param folder The folder, which is there and empty.
   * @param spec The package with its exact version.
   * @param withPeers Whether to install what the package expects others to bring.
   * @throws {MeshError} `not_found`, `unavailable`, `disk_full`, `refused`, `timeout` or `interrupted`.
   */
  async install(folder: string, spec: string, withPeers: boolean): Promise<void> {
    await Deno.writeTextFile(`${folder}/package.json`, '{"private":true}\n');
    const quiet = ["--no-audit", "--no-fund", "--no-progress", "--no-update-notifier"];
    const args = [
      "install",
      spec,
      "--prefix",
      folder,
      "--ignore-scripts",
      "--omit=dev",
      "--save-exact",
    ];
    const peers = withPeers ? [] : ["--legacy-peer-deps"];
    await this.#run([...args, ...peers, ...quiet], folder, INSTALL_MS, spec);
  }

  async #run(
    args: readonly string[],
    cwd: string | undefined,
    timeoutMs: number,
    spec: string,
  ): Promise<RunResult> {
    const { root, env, signal } = this.#options;
    const variables = Object.fromEntries(PASSED.map((name) => [name, env(name)]));
    const result = await runProgram({
      argv: [this.#program, ...args],
      env: { ...variables, NO_COLOR: "1", npm_config_color: "false" },
      cwd: cwd ?? root,
      timeoutMs,
      maxStdout: LOG_BYTES,
      maxStderr: LOG_BYTES,
      graceMs: 5_000,
      signal,
    });
    const { end } = result;
    if (end.kind === "exited" && end.code === 0) return result;
    if (end.kind === "interrupted") throw new MeshError("interrupted", "Interrupted");
    const log = `$ npm ${args.join(" ")}\n${result.stdout}\n${result.stderr}\n${
      JSON.stringify(end)
    }\n`;
    await openFileStore(root).writeFile(NPM_LOG, log);
    throw failure(end, `${result.stdout}\n${result.stderr}`, spec, `${root}/${NPM_LOG}`);
  }
}

/** What the codes of npm's failures mean. */
function failure(end: RunEnd, said: string, spec: string, log: string): MeshError {
  if (end.kind === "timeout") {
    return new MeshError("timeout", `npm did not get "${spec}" in time`, { hint: `see ${log}` });
  }
  const code = /(?:npm error code |"code": ")([A-Z0-9_]+)/.exec(said)?.[1] ?? "";
  if (code === "E404" || code === "ETARGET") {
    return new MeshError("not_found", `The registry has no package "${spec}"`, {
      hint: "look for its name and versions at https://www.npmjs.com",
    });
  }
  const told = code === "" ? "" : ` (${code})`;
  const hint = `see ${log}`;
  if (code === "ENOSPC") {
    return new MeshError("disk_full", `There is no room to install "${spec}"`, { hint });
  }
  if (code === "EINTEGRITY") {
    const text = `What came as "${spec}" is not what the registry says it is`;
    return new MeshError("refused", text, { hint });
  }
  if (
    /^(?:E(?:NOTFOUND|CONN|AI_AGAIN|TIMEDOUT|NETUNREACH|HOSTUNREACH|SOCKET)|FETCH|CERT|SELF|UNABLE|ERR_SOCKET)/
      .test(code)
  ) {
    return new MeshError("unavailable", `npm cannot reach its registry${told}`, { hint });
  }
  return new MeshError("unavailable", `npm could not install "${spec}"${told}`, { hint });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
