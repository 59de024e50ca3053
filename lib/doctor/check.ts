/**
 * What a check is and what it finds.
 *
 * @module
 */
import type { DoctorContext } from "./context.ts";

/** How bad it is: a `failure` keeps something from working, a `warning` may soon, or for somebody. */
export type Level = "ok" | "warning" | "failure";

/** What a check says of one thing that it looked at. */
export interface Verdict {
  /** How bad it is. */
  readonly level: Level;
  /** One sentence without a final period. May quote what peers wrote: make it safe before printing. */
  readonly message: string;
  /** The command that mends it, ready to paste, or, where there is none, what to do. */
  readonly fix?: string;
}

/** A verdict with the name of the check that it comes from. */
export interface Finding extends Verdict {
  /** The check's name, such as `clock`. */
  readonly check: string;
}

/** Looks at one side of a node. */
export interface Check {
  /** One word. */
  readonly name: string;
  /**
   * Looks. What is wrong with the node is a verdict; what is thrown is a fault of the check and becomes a
   * failure of its own.
   *
   * @param context The node, and what the checks share.
   * @param signal Aborts when the check has had its time; nobody waits for it any longer.
   * @returns What it found; nothing, if there was nothing to look at.
   */
  run(context: DoctorContext, signal: AbortSignal): Promise<Verdict | readonly Verdict[]>;
}

/**
 * All is well.
 *
 * @param message One sentence.
 * @param fix What may be done all the same.
 * @returns The verdict.
 */
export function ok(message: string, fix?: string): Verdict {
  return verdict("ok", message, fix);
}

/**
 * Something that the owner should know.
 *
 * @param message One sentence.
 * @param fix The command that mends it.
 * @returns The verdict.
 */
export function warning(message: string, fix?: string): Verdict {
  return verdict("warning", message, fix);
}

/**
 * Something that does not work.
 *
 * @param message One sentence.
 * @param fix The command that mends it.
 * @returns The verdict.
 */
export function failure(message: string, fix?: string): Verdict {
  return verdict("failure", message, fix);
}

function verdict(level: Level, message: string, fix: string | undefined): Verdict {
  return { level, message, ...(fix === undefined ? {} : { fix }) };
}
