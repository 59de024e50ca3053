/**
 * What the program says about itself: status, logs, doctor, service.
 *
 * @module
 */
import { expect } from "../../../scripts/demo/failure.ts";
import type { Machine } from "../machine.ts";

/**
 * Reads all of it.
 *
 * @param anna Where no agent is.
 * @param bert Where everything runs.
 */
export async function look(anna: Machine, bert: Machine): Promise<void> {
  await bert.types("mesh status", {
    shows:
      /chat channels on[^]*admin on 127\.0\.0\.1 port 8788[^]*webchat: running[^]*trouble +none/,
  });
  await bert.types("mesh logs", {
    shows: /message from anna[^]*webchat runs/,
    hides: /Lunch on Friday|keep notes|hear me/,
  });
  for (const machine of [anna, bert]) {
    await machine.types("mesh doctor", { shows: /\nAll is well\.\n$/ });
  }
  await bert.types("mesh doctor --bundle report.json", { shows: /The report is in report\.json/ });
  const report = await Deno.readTextFile(`${bert.home}/report.json`);
  for (const secret of ["PRIVATE KEY", "BEGIN PUBLIC KEY", anna.address, bert.address, '"anna"']) {
    expect(!report.includes(secret), `The report tells "${secret}"`, report);
  }
  await bert.types("mesh service install --print", {
    shows: /\nExecStart=.*\/home\/bert\/\.local\/bin\/mesh.* up\b/,
  });
  // Nothing here would start a service, and that is said.
  await bert.types("mesh service install", {
    code: 6,
    shows: /neither systemd nor launchd.*\nhint: /,
  });
}
