/**
 * Whether the service that keeps this node running, if there is one, does.
 *
 * @module
 */
import { codeOf, messageOf } from "../error.ts";
import { findManager } from "../service/find_manager.ts";
import { DEFAULT_SERVICE, type ServiceScope } from "../service/service_spec.ts";
import { type Check, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { continued } from "./words.ts";

/** Asks the service manager. */
export const service: Check = {
  name: "service",
  async run(context) {
    const looked = await Promise.all([look(context, "user"), look(context, "system")]);
    const managed = looked.filter((one) => one !== undefined);
    const found = managed.flat();
    const isUsed = (await context.running()).length > 0;
    if (found.length > 0 || managed.length === 0 || !isUsed) return found;
    return ok("What runs does not come up with the machine", context.command("service install"));
  },
};

/** What the manager says of our service; `undefined` if there is no manager. */
async function look(
  context: DoctorContext,
  scope: ServiceScope,
): Promise<Verdict[] | undefined> {
  const { state: { root }, env, command } = context;
  const system = scope === "system" ? " --system" : "";
  try {
    const manager = await findManager(env, { name: DEFAULT_SERVICE, scope, stateDir: root });
    const text = await Deno.readTextFile(manager.path).catch(() => undefined);
    // Another state directory's service is none of ours.
    if (text === undefined || !text.includes(root)) return [];
    const { running, state, pid, ended } = await manager.status();
    const who = `The service ${manager.unit} (${manager.kind})`;
    if (running) return [ok(`${who} runs${pid === undefined ? "" : ` (process ${pid})`}`)];
    const how = ended === undefined ? "" : `; it ended with ${ended}`;
    return [
      warning(`${who} does not run: it is ${state}${how}`, command(`service start${system}`)),
    ];
  } catch (error) {
    if (["usage", "unavailable"].includes(codeOf(error) ?? "")) return undefined;
    return [warning(`The service manager cannot be asked: ${continued(messageOf(error))}`)];
  }
}
