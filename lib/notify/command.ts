/**
 * Hands messages to a program of the owner's: the message as JSON on its input and in variables, what it
 * prints is the reply. Exit code 75 (`EX_TEMPFAIL` of sysexits) asks to be called again later; any other
 * but 0 is a failure.
 *
 * @module
 */
import { saidBy } from "../agent/redact.ts";
import { codeOf, messageOf as sentenceOf } from "../error.ts";
import { findProgram } from "../process/find_program.ts";
import { runProgram, type RunResult } from "../process/run.ts";
import type { CommandConfig } from "./config_types.ts";
import type { HandoverOutcome, Target, TargetCheck } from "./handover.ts";
import { messageOf, variablesOf } from "./message.ts";
import { failed, MEND_SECONDS, retry, SENTENCES } from "./outcomes.ts";

const TEMPORARY = 75;

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
      try {
        const run = { argv, env: variables, stdin, timeoutMs, signal };
        return outcomeOf(name, await runProgram(run), Object.values(env ?? {}));
      } catch (error) {
        if (codeOf(error) !== "config_invalid") throw error;
        return retry(sentenceOf(error), MEND_SECONDS);
      }
    },
    check: () => check(name, env?.PATH),
  };
}

function outcomeOf(
  name: string,
  { end, stdout, stderr }: RunResult,
  secrets: readonly string[],
): HandoverOutcome {
  const said = saidBy(stderr.slice(-280), secrets);
  const because = said === "" ? "" : `: ${said}`;
  switch (end.kind) {
    case "exited": {
      if (end.code === TEMPORARY) return retry(`"${name}" asks to be called again later${because}`);
      if (end.code !== 0) {
        return failed(`"${name}" ended with exit code ${end.code}${because}`, SENTENCES.failed);
      }
      const text = stdout.trim();
      return text === ""
        ? { kind: "handed" }
        : { kind: "replied", success: true, data: { text: text.toWellFormed() } };
    }
    case "interrupted":
      return retry(`"${name}" was interrupted`);
    case "timeout":
    case "stuck":
      return failed(`"${name}" did not end in time${because}`, SENTENCES.timeout);
    case "too_much_output":
      return failed(`"${name}" printed more than may be passed on`, SENTENCES.answerTooLarge);
    case "killed":
      return failed(`"${name}" was ended by ${end.signal}${because}`, SENTENCES.failed);
  }
}

async function check(name: string, path: string | undefined): Promise<TargetCheck> {
  const found = await findProgram(name, path);
  return found === undefined
    ? { ok: false, detail: `There is no program "${name}" that may be executed` }
    : { ok: true, detail: `${found} may be executed` };
}
