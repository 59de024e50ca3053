/**
 * A scan of 254 addresses of which 8 answer, half of the rest refuse and half stay silent, against the
 * timeout of one probe.
 *
 * @module
 */
import { scan } from "../../../lib/mesh/scan/scanner.ts";
import { parseTargets } from "../../../lib/mesh/scan/targets.ts";
import type { Bench } from "../bench.ts";
import { Helper } from "../helper.ts";
import { meshCommand } from "../node.ts";
import { median } from "../row.ts";
import type { Network } from "../scan_targets.ts";

const NETWORK = "127.0.77";
const TIMEOUT = 500;
const ROUNDS = 5;

/** The measurement. */
export const scanBench: Bench = {
  name: "scan",
  async measure({ folder, progress }) {
    if (Deno.build.os !== "linux") {
      progress("skipped: only Linux has all of 127.0.0.0/8");
      return [];
    }
    await using targets = new Helper("scan_targets.ts");
    const port = await targets.ask<number>(network());
    const library: number[] = [];
    const command: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      library.push(await scanOnce(port));
      command.push(await runOnce(folder, port));
    }
    const against = "timeout of one probe";
    const note = "8 answer, 123 refuse, 123 are silent";
    return [{
      name: "scan of 254 addresses, half of them silent",
      measured: { value: median(library), unit: " ms" },
      against,
      baseline: TIMEOUT,
      ratio: median(library) / TIMEOUT,
      aim: { is: "at most", ratio: 1.25 },
      note,
    }, {
      name: "the same by the command, start and end included",
      measured: { value: median(command), unit: " ms" },
      against,
      baseline: TIMEOUT,
      ratio: median(command) / TIMEOUT,
      note,
    }];
  },
};

function network(): Network {
  const hosts = Array.from({ length: 254 }, (_, i) => `${NETWORK}.${i + 1}`);
  // Every thirty-first has an agent; of the others every second is silent.
  const agents = hosts.filter((_, i) => i % 31 === 30);
  const silent = hosts.filter((host) => !agents.includes(host)).filter((_, i) => i % 2 === 0);
  return { agents, silent };
}

async function scanOnce(port: number): Promise<number> {
  const started = performance.now();
  const run = scan(parseTargets([`${NETWORK}.0/24`], { ports: [port] }), { timeoutMs: TIMEOUT });
  for await (const _ of run);
  const millis = performance.now() - started;
  const { answered, refused, silent } = run.summary;
  const counts = [answered, refused, silent].join(", ");
  if (counts !== "8, 123, 123") throw new Error(`The scan found ${counts}`);
  return millis;
}

async function runOnce(folder: string, port: number): Promise<number> {
  const [program, ...args] = meshCommand();
  const started = performance.now();
  const { stdout } = await new Deno.Command(program, {
    args: [
      ...args,
      ...["scan", "--json", "--state-dir", folder, "--timeout", `${TIMEOUT}ms`],
      ...[`${NETWORK}.0/24`, "--port", String(port)],
    ],
    stderr: "null",
  }).output();
  const millis = performance.now() - started;
  const found = JSON.parse(new TextDecoder().decode(stdout)).length;
  if (found !== 8) throw new Error(`The command found ${found} agents`);
  return millis;
}
