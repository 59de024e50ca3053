/**
 * The tour itself, in namespaces of its own. Whatever it starts ends with it.
 *
 * Started by `run.ts` with a folder to work in.
 *
 * @module
 */
import { Failure } from "../../scripts/demo/failure.ts";
import { Screen } from "../../scripts/demo/screen.ts";
import { openDepot } from "./depot.ts";
import { Machine } from "./machine.ts";
import { layBridge } from "./network.ts";
import { story } from "./story/mod.ts";
import { makeSmallSystem } from "./system.ts";

/** Takes the tour, and returns the exit code. */
async function main(folder: string): Promise<number> {
  const started = performance.now();
  const screen = new Screen();
  try {
    const binary = await Deno.realPath(Deno.env.get("MESH_BINARY") ?? "");
    let system = Deno.env.get("MESH_TOUR_ROOT");
    const what = system ? `the system in "${system}"` : "Busybox and curl";
    screen.say(`Two machines with nothing but ${what}, and no way to the internet.`);
    if (!system) await makeSmallSystem(system = `${folder}/system`, binary);
    await layBridge();
    const url = await openDepot(binary);
    const machine = (name: string, address: string) =>
      Machine.make(screen, name, address, system, `${folder}/${name}`);
    await story(await machine("anna", "10.77.0.11"), await machine("bert", "10.77.0.12"), url);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    screen.heading(`All well: ${Machine.typed} lines typed on two machines, in ${seconds} s.`);
    return 0;
  } catch (error) {
    screen.failure(error instanceof Failure ? error.transcript : error);
    screen.heading("Not well: the tour ended early.");
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args[0]!));
