/**
 * The memory of the daemon: idle, after 20,000 messages, and whether it grows with the next 20,000.
 *
 * @module
 */
import type { Bench } from "../bench.ts";
import { Helper } from "../helper.ts";
import { residentMemory } from "../memory.ts";
import { makeNode, NODE_ID, ServedNode } from "../node.ts";

const MESSAGES = 20_000;
const LIMIT = 70;

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
    const idle = await residentMemory(node.pid);
    await send();
    const once = await residentMemory(node.pid);
    await send();
    const twice = await residentMemory(node.pid);
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
