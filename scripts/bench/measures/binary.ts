/**
 * What the compiled program weighs: on the disk, and in memory while it idles with one surface and with
 * all of them. `MESH_BINARY` names it; else it is compiled, where `DENORT_BIN` names a base runtime.
 *
 * @module
 */
import type { Bench, Place } from "../bench.ts";
import { canCompile, compileMesh, compileNothing } from "../compiled.ts";
import { residentMemory } from "../memory.ts";
import { makeGateway, ServedNode } from "../node.ts";
import type { Row } from "../row.ts";

/** Most megabytes of a daemon that idles, whatever it serves. */
const LIMIT = 100;

/** The measurement; without a program there is nothing to measure. */
export const binaryBench: Bench = {
  name: "binary",
  async measure(place) {
    const given = Deno.env.get("MESH_BINARY");
    if (!given && !canCompile()) {
      place.progress("left out: neither MESH_BINARY nor DENORT_BIN is set");
      return [];
    }
    const binary = given || await compileMesh(place);
    const rows = await sizes(place, binary);
    const root = await configured(place);
    for (const [command, what] of [["serve", "one surface"], ["up", "all surfaces"]] as const) {
      place.progress(`idle with ${what}`);
      const port = command === "serve" ? ["--port", "0"] : [];
      await using node = await ServedNode.start(root, [command, ...port], [binary]);
      const value = await residentMemory(node.pid);
      rows.push({
        name: `memory of an idle mesh ${command}, compiled`,
        measured: { value, unit: " MB" },
        against: "limit",
        baseline: LIMIT,
        ratio: value / LIMIT,
        aim: { is: "at most", ratio: 1 },
      });
    }
    return rows;
  },
};

/** How large it is, against one that does nothing. */
async function sizes(place: Place, binary: string): Promise<Row[]> {
  if (!canCompile()) return [];
  const value = await megabytes(binary);
  const baseline = await megabytes(await compileNothing(place));
  return [{
    name: "size of the compiled program",
    measured: { value, unit: " MB" },
    against: "an empty program, compiled",
    baseline,
    ratio: value / baseline,
  }];
}

async function megabytes(path: string): Promise<number> {
  return (await Deno.stat(path)).size / 1e6;
}

/** A state directory where everything is configured, on whatever ports are free. */
async function configured({ folder }: Place): Promise<string> {
  const root = `${folder}/state`;
  await makeGateway(root, 1);
  const config = JSON.parse(await Deno.readTextFile(`${root}/config.json`));
  const host = "127.0.0.1";
  await writeConfig(`${root}/config.json`, {
    ...config,
    mesh: { host, port: 0 },
    ogp: { ...config.ogp, host, daemonPort: 0 },
    admin: { port: 0 },
  });
  await writeConfig(`${root}/ocg.json`, {
    // Nobody is there: nobody asks.
    agentUrl: "http://127.0.0.1:9/v1/chat/completions",
    channels: { webchat: {} },
    callbackPort: 0,
  });
  return root;
}

async function writeConfig(path: string, config: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(config), { mode: 0o600 });
}
