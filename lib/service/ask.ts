/**
 * Asking the programs of service managers.
 *
 * @module
 */
import { runProgram } from "../process/run.ts";

/** What such a program answered. */
export interface Answer {
  /** Its exit code; -1 if it had to be ended. */
  readonly code: number;
  /** What it printed. */
  readonly stdout: string;
  /** What it complained of, in one line. */
  readonly complaint: string;
}

/** Runs a program and tells what it answered. */
export type Ask = (argv: readonly string[], timeoutMs?: number) => Promise<Answer>;

/** Milliseconds for what waits for nothing. */
const PATIENCE = 30_000;

/**
 * Asks real programs.
 *
 * @param env Variables that lead to the manager of this user, such as `XDG_RUNTIME_DIR`.
 * @returns How they are asked.
 */
export function askPrograms(env: Readonly<Record<string, string | undefined>>): Ask {
  return async (argv, timeoutMs = PATIENCE) => {
    const { end, stdout, stderr } = await runProgram({
      argv,
      // What is looked for in the answers is there in English.
      env: { ...env, LC_ALL: "C", SYSTEMD_COLORS: "0", SYSTEMD_PAGER: "" },
      timeoutMs,
    });
    const said = (stderr.trim() || stdout.trim()).replace(/\s*\n\s*/g, "; ");
    const late = `it did not answer within ${timeoutMs / 1000} seconds`;
    return end.kind === "exited"
      ? { code: end.code, stdout, complaint: said }
      : { code: -1, stdout, complaint: said || late };
  };
}
