/** What the hidden `mesh service ready` does. @module */
import { MeshError } from "../../lib/error.ts";
import { untilReady } from "../../lib/service/readiness.ts";
import type { ActionContext } from "../define.ts";
import { stateDirectory } from "../state_directory.ts";
import type { ReadyFlags } from "./routes.ts";

/**
 * Waits until a daemon listens.
 *
 * @param context The terminal.
 * @param flags Which one, and how long.
 */
export default async function (context: ActionContext, flags: ReadyFlags): Promise<void> {
  const root = stateDirectory(flags, context.env);
  const { pid, name, host, port } = await untilReady(root, {
    pid: flags.pid === undefined ? undefined : parseProcess(flags.pid),
    name: flags.daemon,
    timeoutMs: flags.timeout,
  });
  context.terminal.document({ ok: true, pid, name, host, port });
  context.terminal.line(`${name} listens on ${host} port ${port} (process ${pid}).`);
}

function parseProcess(input: string): number {
  if (/^[1-9]\d{0,9}$/.test(input)) return Number(input);
  throw new MeshError("usage", `"${input}" is not the number of a process`);
}
