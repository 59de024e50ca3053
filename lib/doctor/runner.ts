/**
 * Runs checks side by side: none of them can end, delay or hide another.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { type Check, failure, type Finding, type Verdict } from "./check.ts";
import type { DoctorContext } from "./context.ts";

/** How checks are run. */
export interface RunOptions {
  /** Milliseconds that each check gets. Default 10,000. */
  readonly timeoutMs?: number;
  /** Told after each check how many are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs all checks at once. A check that throws, or takes too long, becomes a failure of its own.
 *
 * @param checks What to run.
 * @param context What they look at.
 * @param options Time and progress.
 * @returns What they found, in the order of the checks.
 *
 * @example
 * ```ts
 * import { runChecks } from "./runner.ts";
 * import { ok } from "./check.ts";
 * import { openDoctor } from "./context.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const checks = [
 *   { name: "sound", run: () => Promise.resolve(ok("All is well")) },
 *   { name: "faulty", run: () => Promise.reject(new Error("Oh")) },
 * ];
 * const findings = await runChecks(checks, openDoctor("/nowhere"));
 * assertEquals(findings.map(({ level }) => level), ["ok", "failure"]);
 * ```
 */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  { timeoutMs = 10_000, onProgress }: RunOptions = {},
): Promise<Finding[]> {
  let done = 0;
  const found = await Promise.all(checks.map(async (check) => {
    const verdicts = await verdictsOf(check, context, timeoutMs);
    onProgress?.(++done, checks.length);
    return verdicts.map((verdict): Finding => ({ check: check.name, ...verdict }));
  }));
  return found.flat();
}

async function verdictsOf(
  check: Check,
  context: DoctorContext,
  timeoutMs: number,
): Promise<readonly Verdict[]> {
  const stop = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooLate(timeoutMs)), timeoutMs);
  try {
    // A function of its own, so that a throw before the first await is a rejection too. Once its time is
    // up nobody listens to the check any more, and what it still throws is heard by the race alone.
    const running = (async () => await check.run(context, stop.signal))();
    const verdicts = await Promise.race([running, late.promise]);
    return "level" in verdicts ? [verdicts] : verdicts;
  } catch (error) {
    const hint = error instanceof MeshError && error.hint !== "mesh doctor"
      ? error.hint
      : undefined;
    return [failure(`This check could not be completed: ${messageOf(error)}`, hint)];
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function tooLate(timeoutMs: number): MeshError {
  return new MeshError("timeout", `It took longer than ${timeoutMs / 1000} s`);
}
