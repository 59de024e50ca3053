/** What `mesh service install` does. @module */
import { MeshError, messageOf } from "../../lib/error.ts";
import { unitFile } from "../../lib/service/unit_file.ts";
import { lookAtMarked, writeMarked } from "../../lib/store/marked_file.ts";
import type { ActionContext } from "../define.ts";
import { safeText } from "../terminal.ts";
import { openManager } from "./open_manager.ts";
import { planService } from "./plan.ts";
import type { InstallFlags } from "./routes.ts";
import { flagsOf } from "./words.ts";

/** What a shell may say and a service is not told. */
const UNHEARD = ["OCG_CONFIG_PATH", "OCG_AGENT_URL", "OCG_MODEL", "OCG_API_KEY"];

/**
 * Installs the service.
 *
 * @param context The terminal.
 * @param flags Which service, and how.
 * @param command The command that it runs.
 */
export default async function (
  context: ActionContext,
  flags: InstallFlags,
  ...command: string[]
): Promise<void> {
  const { terminal, env } = context;
  const spec = await planService(context, flags, command);
  const manager = await openManager(context, flags, flags.print);
  const text = manager.text(spec);
  if (flags.print) {
    terminal.document({ ok: true, path: manager.path, text });
    if (!terminal.json) terminal.raw(text);
    return;
  }
  const before = await lookAtMarked(unitFile(manager.path), text);
  // Else a system service could not make its part of the file system writable, and launchd no log.
  await Deno.mkdir(`${spec.stateDir}/run`, { recursive: true, mode: 0o700 });
  await writeMarked(unitFile(manager.path), text);
  try {
    await manager.enable(flags.start);
  } catch (error) {
    throw new MeshError(
      error instanceof MeshError ? error.code : "unexpected",
      `"${manager.path}" is written. ${messageOf(error)}`,
      { cause: error, ...(error instanceof MeshError && error.hint ? { hint: error.hint } : {}) },
    );
  }
  const { unit, path, kind, scope } = manager;
  const done = { absent: "installed", same: "up to date", other: "changed", foreign: "" }[before];
  terminal.document({ ok: true, manager: kind, scope, unit, path, done, started: flags.start });
  terminal.line(
    `The service ${unit} is ${done}${flags.start ? ", and runs" : ""}: ${safeText(path)}`,
  );
  for (const name of UNHEARD) {
    if (env(name)) terminal.warn(`A service is not told ${name}; write it into ocg.json instead`);
  }
  if (spec.user === "root") {
    terminal.warn("It runs as root; --run-as names somebody with fewer rights");
  }
  const advice = await manager.advice();
  if (terminal.json) return;
  if (advice) terminal.note(advice);
  terminal.note(`next: mesh service status${flagsOf(flags)}`);
}
