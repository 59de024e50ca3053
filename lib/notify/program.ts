/**
 * Running a program of the owner's that answers a message, and what its end means: what it prints is the
 * reply. Exit code 75 (`EX_TEMPFAIL` of sysexits) asks to be called again later; any other but 0 is a
 * failure.
 *
 * @module
 */
import { saidBy } from "../agent/redact.ts";
import { codeOf, messageOf } from "../error.ts";
import { type RunOptions, runProgram, type RunResult } from "../process/run.ts";
import type { HandoverOutcome } from "./handover.ts";
import { failed, MEND_SECONDS, retry, SENTENCES } from "./outcomes.ts";

const TEMPORARY = 75;

/** How a program's words are read. */
export interface ProgramWords {
  /** Makes the reply out of what it printed, trimmed and not empty. */
  readonly replyOf: (text: string) => unknown;
  /** What must not appear in the owner's log. */
  readonly secrets?: readonly string[];
}

/**
 * Runs the program.
 *
 * @param run What to run; its input and variables are the message.
 * @param words How its words are read.
 * @returns `handed` if it printed nothing.
 */
export async function askProgram(run: RunOptions, words: ProgramWords): Promise<HandoverOutcome> {
  try {
    return outcomeOf(run.argv[0] ?? "", await runProgram(run), words);
  } catch (error) {
    // The owner can mend it, and until then no message is lost.
    if (codeOf(error) !== "config_invalid") throw error;
    return retry(messageOf(error), MEND_SECONDS);
  }
}

function outcomeOf(
  name: string,
  { end, stdout, stderr }: RunResult,
  { replyOf, secrets }: ProgramWords,
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
      if (text === "") return { kind: "handed" };
      return { kind: "replied", success: true, data: replyOf(text) };
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
