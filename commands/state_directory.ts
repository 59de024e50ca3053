/**
 * Which state directory a command works on, and where damage in it is reported.
 *
 * @module
 */
import { MeshError } from "../lib/error.ts";
import type { DamageReport } from "../lib/store/damage.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/**
 * The state directory: `--state-dir`, else `MESH_STATE_DIR`, else `OPENCLAW_AGENT_MESH_DIR`, else
 * `~/.openclaw/agent-mesh`.
 *
 * @param flags The command's flags.
 * @param env Reads an environment variable.
 * @returns An absolute path.
 * @throws {MeshError} `usage` if none is given and there is no home directory.
 */
export function stateDirectory(flags: CommonFlags, env: ActionContext["env"]): string {
  const home = env("HOME") ?? env("USERPROFILE");
  const given = flags.stateDir ?? (env("MESH_STATE_DIR") || env("OPENCLAW_AGENT_MESH_DIR"));
  if (!given) {
    if (home) return `${home}/.openclaw/agent-mesh`;
    throw new MeshError("usage", "There is no home directory to keep the state in", {
      hint: "set MESH_STATE_DIR, or pass --state-dir",
    });
  }
  const expanded = home && /^~(?=$|[/\\])/.test(given) ? home + given.slice(1) : given;
  const absolute = /^(?:[/\\]|[a-z]:[/\\])/i.test(expanded);
  return absolute ? expanded : `${Deno.cwd()}/${expanded.replace(/^(?:\.\/)+/, "")}`;
}

/**
 * Reports damaged records as warnings.
 *
 * @param context The terminal.
 * @returns What the store tells of damage.
 */
export function damageReporter({ terminal }: ActionContext): (damage: DamageReport) => void {
  return ({ path, movedTo, reason }) =>
    terminal.warn(
      movedTo
        ? `"${path}" is damaged (${reason}); it was set aside as "${movedTo}"`
        : `"${path}" cannot be used: ${reason}`,
    );
}
