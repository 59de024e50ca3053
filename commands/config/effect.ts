/**
 * When a change counts: daemons that run take some of them at once.
 *
 * @module
 */
import type { MeshState } from "../../lib/mesh/state.ts";
import { ocgDaemons, ocgOrder } from "../../lib/ocg/order_client.ts";
import { listRunning, UP } from "../../lib/run/run_file.ts";
import { runningName } from "../running_words.ts";
import type { Terminal } from "../terminal.ts";
import type { FoundKey } from "./find_key.ts";

/** When it counts. */
export interface Effect {
  /** `none`: no daemon runs; `now`: those that run take it; `restart`: they do when they start again. */
  readonly effect: "none" | "now" | "restart";
  /** The daemons that run, such as `mesh ogp start (process 4711)`. */
  readonly daemons: readonly string[];
}

/** Where the channel gateway listens is settled when it starts. */
const OCG_AT_START = ["callbackPort", "callbackHost"];

/**
 * Finds out, and has a channel gateway that runs read its file again.
 *
 * @param state The state directory.
 * @param found What was changed.
 * @returns When it counts.
 */
export async function effectOf(state: MeshState, found: FoundKey): Promise<Effect> {
  const all = await listRunning(state.root);
  const concerned = found.place.kind === "ocg" ? await ocgDaemons(state.root) : all;
  // Whatever else a process of `mesh up` is announced as, that is what was typed.
  const typed = new Map(concerned.map((one) => [one.pid, runningName(one)]));
  for (const { name, pid } of all) {
    if (name === UP && typed.has(pid)) typed.set(pid, runningName({ name }));
  }
  const daemons = [...typed].map(([pid, name]) => `${name} (process ${pid})`);
  if (daemons.length === 0) return { effect: "none", daemons };
  return { effect: await restarts(state, found) ? "restart" : "now", daemons };
}

async function restarts(state: MeshState, { place, keys }: FoundKey): Promise<boolean> {
  switch (place.kind) {
    case "identity":
      return true;
    case "surface":
      return place.surface.needsRestart(keys, await place.surface.open(state.store).read());
    case "ocg":
      return OCG_AT_START.includes(keys[0] ?? "") || !await reloaded(state.root);
  }
}

/** Whether the channel gateway has taken it: one that is too busy to answer has not. */
async function reloaded(root: string): Promise<boolean> {
  return await ocgOrder(root, { do: "reload" }).then(() => true, () => false);
}

/**
 * Says it.
 *
 * @param terminal Where.
 * @param effect When it counts.
 */
export function tellEffect(terminal: Terminal, { effect, daemons }: Effect): void {
  const who = daemons.join(", ");
  if (effect === "now") terminal.note(`It counts at once for what runs: ${who}.`);
  if (effect === "restart") {
    terminal.note(`What runs takes it when it starts again: ${who}.`);
  }
}
