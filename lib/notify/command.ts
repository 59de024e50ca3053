/**
 * Hands messages to a program of the owner's: the message as JSON on its input and in variables, what it
 * prints is the reply.
 *
 * @module
 */
import { findProgram } from "../process/find_program.ts";
import type { CommandConfig } from "./config_types.ts";
import type { Target, TargetCheck } from "./handover.ts";
import { messageOf, variablesOf } from "./message.ts";
import { askProgram } from "./program.ts";

/**
 * A target for one program.
 *
 * @param config What to run.
 * @returns The target.
 */
export function commandTarget(config: CommandConfig): Target {
  const { argv, timeoutMs, env } = config;
  const name = argv[0] ?? "";
  return {
    kind: "command",
    idempotent: false,
    async handOn(handover, { signal } = {}) {
      const stdin = JSON.stringify(messageOf(handover)) + "\n";
      const variables = { ...env, ...variablesOf(handover) };
      return await askProgram({ argv, env: variables, stdin, timeoutMs, signal }, {
        replyOf: (text) => ({ text: text.toWellFormed() }),
        secrets: Object.values(env ?? {}),
      });
    },
    check: () => check(name, env?.PATH),
  };
}

async function check(name: string, path: string | undefined): Promise<TargetCheck> {
  const found = await findProgram(name, path);
  return found === undefined
    ? { ok: false, detail: `There is no program "${name}" that may be executed` }
    : { ok: true, detail: `${found} may be executed` };
}
