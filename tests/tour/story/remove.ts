/**
 * The end: nothing runs, and the program is gone.
 *
 * @module
 */
import { expect } from "../../../scripts/demo/failure.ts";
import type { Machine } from "../machine.ts";

/** What the user has made, and what is kept: who one is, whom one trusts, and what was written. */
const KEPT =
  /^\/(?:\.profile|install\.sh|report\.json|\.openclaw\/|\.openclaw\/agent-mesh\/.*|\.local\/|\.local\/bin\/)$/;

/**
 * Takes it away.
 *
 * @param machine From where.
 */
export async function remove(machine: Machine): Promise<void> {
  await machine.types("mesh stop", { shows: /has stopped/ });
  await machine.types("mesh status", { shows: /runs +nothing/ });
  await machine.types("sh install.sh --uninstall", { shows: /^mesh is removed: [^]*stay/ });
  await machine.types("mesh --version", { code: 127, shows: /not found/ });
  const left = (await machine.files()).filter((path) => !KEPT.test(path));
  expect(left.length === 0, "Something is left in the home folder", left.join("\n"));
}
