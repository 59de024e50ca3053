/** What `mesh doctor` does. @module */
import * as colors from "@std/fmt/colors";
import type { Finding, Level } from "../lib/doctor/check.ts";
import { checksFor } from "../lib/doctor/checks.ts";
import { openDoctor } from "../lib/doctor/context.ts";
import { runChecks } from "../lib/doctor/runner.ts";
import type { ActionContext } from "./define.ts";
import type { DoctorFlags } from "./doctor.ts";
import { stateDirectory } from "./state_directory.ts";
import { safeText, type Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** The worst comes last, where a reader's eyes are when it is done. */
const ORDER: readonly Level[] = ["ok", "warning", "failure"];

const PAINT: Readonly<Record<Level, (text: string) => string>> = {
  ok: colors.green,
  warning: colors.yellow,
  failure: colors.red,
};

/**
 * Runs all checks and prints what they found.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @returns 0, or 1 if there is a failure.
 */
export default async function (context: ActionContext, flags: DoctorFlags): Promise<number> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const doctor = openDoctor(root, {
    version: VERSION,
    env: context.env,
    nameRoot: flags.stateDir !== undefined,
  });
  const findings = await runChecks(checksFor(root), doctor, {
    onProgress: (done, total) => terminal.progress(`${done} of ${total} checks done`),
  });
  const number = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const [warnings, failures] = [number("warning"), number("failure")];
  if (flags.bundle !== undefined) {
    const { writeReport } = await import("./doctor_report.ts");
    await writeReport(context, doctor, findings, flags.bundle);
  }
  terminal.document({
    ok: failures === 0,
    findings,
    ...(flags.bundle === undefined ? {} : { bundle: flags.bundle }),
  });
  print(terminal, findings);
  terminal.line(summary(warnings, failures));
  if (flags.bundle !== undefined && !terminal.json) {
    terminal.note(`The report is in ${flags.bundle}. Read it before you pass it on.`);
  }
  return failures > 0 ? 1 : 0;
}

function print(terminal: Terminal, findings: readonly Finding[]): void {
  const widest = Math.max(...findings.map(({ check }) => check.length));
  const paint = (level: Level, text: string) => terminal.color ? PAINT[level](text) : text;
  for (const wanted of ORDER) {
    for (const { level, check, message, fix } of findings) {
      if (level !== wanted) continue;
      const label = paint(level, level.padEnd(7));
      terminal.line(`${label}  ${check.padEnd(widest)}  ${safeText(message)}`);
      if (fix === undefined) continue;
      const lead = level === "ok" ? "next" : "fix";
      terminal.line(`${" ".repeat(widest + 11)}${lead}: ${safeText(fix)}`);
    }
  }
}

function summary(warnings: number, failures: number): string {
  const parts = [[failures, "failure"], [warnings, "warning"]] as const;
  const named = parts.filter(([number]) => number > 0)
    .map(([number, noun]) => `${number} ${noun}${number === 1 ? "" : "s"}`);
  return named.length > 0 ? `${named.join(", ")}.` : "All is well.";
}
