/**
 * 300 clients that send half a request and wait: how long until the last one is cut off, and how others
 * are served meanwhile.
 *
 * @module
 */
import type { Bench } from "../bench.ts";
import { Helper } from "../helper.ts";
import type { Load, LoadResult } from "../keep_alive_clients.ts";
import { makeNode, NODE_ID, ServedNode } from "../node.ts";

const CLIENTS = 300;

/** Seconds within which all must be cut off. */
const LIMIT = 30;

/** Halves of a request: nothing at all, half of the headers, half of the body. */
const HALVES = [
  "",
  "POST /agent-mesh/message HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Ty",
  "POST /agent-mesh/message HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400\r\n\r\n" +
  '{"type":"direct_message",',
];

/** The measurement. */
export const slowClientsBench: Bench = {
  name: "slow-clients",
  async measure({ folder, progress }) {
    const root = `${folder}/state`;
    const senders = await makeNode(root, 1);
    await using node = await ServedNode.serve(root);
    await using clients = new Helper("keep_alive_clients.ts");
    // A message every 20 ms or so, on two connections.
    const load: Load = {
      port: node.port,
      to: NODE_ID,
      senders,
      count: 400,
      connections: 2,
      pause: 40,
    };
    progress("served without them");
    const { worst: quiet } = await clients.ask<LoadResult>(load);
    progress("served beside them");
    const cut = Promise.all(
      Array.from({ length: CLIENTS }, (_, i) => wait(node.port, HALVES[i % 3]!)),
    );
    const { worst: beside } = await clients.ask<LoadResult>(load);
    progress("waiting until all are cut off");
    const seconds = Math.max(...await cut);
    return [{
      name: `${CLIENTS} clients with half a request: the last one is cut off`,
      measured: { value: seconds, unit: " s" },
      against: "limit",
      baseline: LIMIT,
      ratio: seconds / LIMIT,
      aim: { is: "at most", ratio: 1 },
    }, {
      name: "the longest that a real request waited meanwhile",
      measured: { value: beside, unit: " ms" },
      against: "without them",
      baseline: quiet,
      ratio: beside / quiet,
    }];
  },
};

/** Sends half a request; returns how many seconds later the connection is cut. */
async function wait(port: number, half: string): Promise<number> {
  const started = performance.now();
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(4_096);
  try {
    await conn.write(new TextEncoder().encode(half));
    while (await conn.read(buffer) !== null);
  } catch {
    // Cut with a reset: cut all the same.
  }
  return (performance.now() - started) / 1000;
}
