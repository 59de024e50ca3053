/**
 * What a service that is to be installed runs: this program, as whom, and where it may write.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { askPrograms } from "../../lib/service/ask.ts";
import { checkServiceName, daemonOf, type ServiceSpec } from "../../lib/service/service_spec.ts";
import type { ActionContext } from "../define.ts";
import { ownCommand } from "../itself.ts";
import { stateDirectory } from "../state_directory.ts";
import type { InstallFlags } from "./routes.ts";

const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/**
 * Plans a service.
 *
 * @param context The environment.
 * @param flags What was asked for.
 * @param command The command to run, `up` if there is none.
 * @returns What the service manager is to be told.
 * @throws {MeshError} `usage` if the command runs no daemon, `not_initialized` if it is not known who is to
 * run it.
 */
export async function planService(
  { env }: ActionContext,
  flags: InstallFlags,
  command: readonly string[],
): Promise<ServiceSpec> {
  const words = command.length === 0 ? ["up"] : command;
  assertDaemon(words);
  const stateDir = stateDirectory(flags, env);
  if (!flags.system && (flags.runAs !== undefined || flags.writable !== undefined)) {
    throw new MeshError("usage", "--run-as and --writable are for the machine's service", {
      hint: "sudo mesh service install --system",
    });
  }
  for (const folder of flags.writable ?? []) {
    if (folder.startsWith("/")) continue;
    throw new MeshError("usage", `--writable "${folder}" is not an absolute path`);
  }
  return {
    name: checkServiceName(flags.name),
    scope: flags.system ? "system" : "user",
    program: ownCommand(),
    command: words,
    stateDir,
    path: env("PATH") || DEFAULT_PATH,
    writable: flags.writable ?? [],
    user: flags.system ? flags.runAs ?? await ownerOf(stateDir) : undefined,
  };
}

function assertDaemon(words: readonly string[]): void {
  daemonOf(words);
  for (const flag of ["--background", "--state-dir", "--stateDir"]) {
    if (!words.some((word) => word === flag || word.startsWith(`${flag}=`))) continue;
    throw new MeshError(
      "usage",
      flag === "--background"
        ? "A service stays in the foreground: leave --background out"
        : "The state directory is said before the command",
      { hint: "mesh service install --state-dir DIR -- COMMAND" },
    );
  }
}

/** As whom the machine's service runs: everything that it touches belongs to the owner of its state. */
async function ownerOf(stateDir: string): Promise<string> {
  let uid: number | null;
  try {
    ({ uid } = await Deno.stat(stateDir));
  } catch (cause) {
    throw new MeshError("not_initialized", `There is no state directory "${stateDir}"`, {
      hint: "name that of the user who shall run it: --state-dir DIR, or make it: mesh init",
      cause,
    });
  }
  const name = (await askPrograms({})(["id", "-un", String(uid)])).stdout.trim();
  return name || String(uid);
}
