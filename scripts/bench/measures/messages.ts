/**
 * Messages that the daemon accepts through HTTP, against as many bare durable writes: at 1, 8 and 64
 * connections, and with a thousand peers against one.
 *
 * @module
 */
import type { Bench, Place } from "../bench.ts";
import type { DurableWrites } from "../durable_writes.ts";
import { Helper } from "../helper.ts";
import type { Load, LoadResult } from "../keep_alive_clients.ts";
import { makeNode, NODE_ID, type Sender, ServedNode } from "../node.ts";
import { interleave, type Row, summary } from "../row.ts";

/** Connections with messages a round: what a round takes is about a second. */
const LOADS = [[1, 500], [8, 2_000], [64, 3_000]] as const;
const ROUNDS = 7;

/** What a message of ours is on the disk, in bytes. */
const RECORD_SIZE = 440;

/** At 1, 8 and 64 connections. */
export const messagesBench: Bench = {
  name: "messages",
  async measure(place) {
    const root = `${place.folder}/state`;
    const senders = await makeNode(root, 1);
    // Side by side: a file system may favour one folder over another that lies elsewhere.
    const folder = `${root}/messages/bare`;
    await Deno.mkdir(`${root}/messages/incoming`, { recursive: true, mode: 0o700 });
    await Deno.mkdir(folder, { mode: 0o700 });
    await using disk = new Helper("durable_writes.ts");
    await using clients = new Helper("keep_alive_clients.ts");
    await using node = await ServedNode.serve(root);
    const rows: Row[] = [];
    for (const [connections, count] of LOADS) {
      place.progress(`${connections} at a time`);
      const writes: DurableWrites = { folder, count, concurrency: connections, size: RECORD_SIZE };
      const ours = () => rate(clients, node, senders, connections, count);
      const bare = () => disk.ask<number>(writes);
      await interleave(1, ours, bare);
      const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, bare));
      rows.push({
        name: `messages accepted, ${connections} at a time`,
        measured: { value, unit: "/s" },
        against: "bare durable writes",
        baseline,
        ratio,
        aim: { is: "at least", ratio: 0.6 },
      });
    }
    return rows;
  },
};

/** With a thousand peers. */
export const peersBench: Bench = {
  name: "peers",
  async measure(place) {
    const [few, many] = await Promise.all([served(place, "one", 1), served(place, "many", 1_000)]);
    await using one = few.node;
    await using thousand = many.node;
    await using clients = new Helper("keep_alive_clients.ts");
    place.progress("1,000 peers and one");
    const [connections, count] = LOADS[1];
    const ours = () => rate(clients, thousand, many.senders, connections, count);
    const base = () => rate(clients, one, few.senders, connections, count);
    await interleave(1, ours, base);
    const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, base));
    return [{
      name: `messages accepted of 1,000 peers, ${connections} at a time`,
      measured: { value, unit: "/s" },
      against: "of one peer",
      baseline,
      ratio,
      aim: { is: "at least", ratio: 0.9 },
    }];
  },
};

async function served({ folder }: Place, name: string, peers: number) {
  const senders = await makeNode(`${folder}/${name}`, peers);
  return { senders, node: await ServedNode.serve(`${folder}/${name}`) };
}

async function rate(
  clients: Helper,
  { port }: ServedNode,
  senders: readonly Sender[],
  connections: number,
  count: number,
): Promise<number> {
  const load: Load = { port, to: NODE_ID, senders, count, connections };
  return (await clients.ask<LoadResult>(load)).rate;
}
