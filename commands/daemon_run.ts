/**
 * A daemon in the foreground: until Ctrl-C, a service manager's signal, or the command that stops it.
 *
 * @module
 */
import type { OgpState } from "../lib/ogp/state.ts";
import { stopRequested } from "../lib/run/stop_request.ts";
import type { Daemon } from "../server/service.ts";
import type { Teller } from "./daemon_words.ts";
import type { Interruption } from "./interrupt.ts";
import { portableFile } from "./itself.ts";

/** Milliseconds that work under way gets when the daemon stops. */
const GRACE = 4_000;

/**
 * Waits until the daemon is to stop, and stops it.
 *
 * @param daemon The daemon.
 * @param root Its state directory.
 * @param interruption Aborts with the first signal.
 * @param teller Says it.
 */
export async function runUntilStopped(
  daemon: Daemon,
  root: string,
  { signal }: Interruption,
  teller: Teller,
): Promise<void> {
  await stopRequested(root, daemon.running, signal);
  teller.note("Stopping.");
  await daemon.stop(GRACE);
}

/**
 * Gives up the permission to start programs, for the rest of this process, unless the owner has messages
 * handed to some: `ogp start --background` has it to start this very program.
 *
 * @param state The state of OGP, if there is a gateway.
 * @param isNeeded Whether programs are started for another reason.
 */
export async function startNoNeedlessPrograms(
  state: Pick<OgpState, "store"> | undefined,
  isNeeded = false,
): Promise<void> {
  if (isNeeded) return;
  // In a program that is run from its sources the permissions are those that its user gave.
  if (!Deno.build.standalone && portableFile() === undefined) return;
  const { startsPrograms } = await import("../lib/ogp/handover/programs.ts");
  if (state && await startsPrograms(state)) return;
  await Deno.permissions.revoke({ name: "run" });
}
