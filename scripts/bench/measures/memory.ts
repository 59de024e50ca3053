/**
 * The memory of the daemon: idle, after 20,000 messages, and whether it grows with the next 20,000.
 *
 * @module
 */
import { runProgram } from "../../run_deno.ts";
import type { Bench } from "../bench.ts";
import { Helper } from "../helper.ts";
import { makeNode, NODE_ID, ServedNode } from "../node.ts";

const MESSAGES = 20_000;
const LIMIT = 70;

/** Milliseconds of idleness before memory is read. */
const IDLE = 3_000;

/** The measurement. */
export const memoryBench: Bench = {
  name: "memory",
  async measure({ folder, progress }) {
    const root = `${folder}/state`;
    const senders = await makeNode(root, 1);
    await using node = await ServedNode.serve(root);
    await using clients = new Helper("keep_alive_clients.ts");
    const send = async () => {
      progress("20,000 messages");
      const load = { port: node.port, to: NODE_ID, senders, connections: 16 };
      // In parts, so that none is older than five minutes when it is sent.
      for (let i = 0; i < 4; i++) await clients.ask({ ...load, count: MESSAGES / 4 });
    };
    const idle = await settled(node.pid);
    await send();
    const once = await settled(node.pid);
    await send();
    const twice = await settled(node.pid);
    return [{
      name: "memory of an idle daemon",
      measured: { value: idle, unit: " MB" },
      against: "limit",
      baseline: LIMIT,
      ratio: idle / LIMIT,
      aim: { is: "at most", ratio: 1 },
    }, {
      name: "memory after 40,000 messages",
      measured: { value: twice, unit: " MB" },
      against: "after 20,000",
      baseline: once,
      ratio: twice / once,
      aim: { is: "at most", ratio: 1.15 },
    }];
  },
};

/** The resident memory of a process in MB, after a while without work. */
async function settled(pid: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, IDLE));
  if (Deno.build.os === "linux") {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }
  const { stdout } = await runProgram("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1024;
}
