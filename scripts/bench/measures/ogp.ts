/**
 * Messages that the OGP surface accepts through HTTP, with scopes, rates, budgets and the memory of nonces
 * on, against as many bare durable writes, with one peer and with a thousand; and its memory.
 *
 * @module
 */
import type { Bench } from "../bench.ts";
import type { DurableWrites } from "../durable_writes.ts";
import { Helper } from "../helper.ts";
import type { Load, LoadResult } from "../keep_alive_clients.ts";
import { residentMemory } from "../memory.ts";
import { makeGateway, type Sender, ServedNode } from "../node.ts";
import { interleave, type Row, summary } from "../row.ts";

/** Connections with messages a round. */
const LOADS = [[1, 500], [8, 2_000], [64, 3_000]] as const;
const ROUNDS = 5;

/** What a stored message is on the disk, in bytes. */
const RECORD_SIZE = 900;

/** What a gateway of the original took in a second on such a machine, at 8 connections, storing nothing. */
const ORIGINAL = { onePeer: 1_184, thousandPeers: 61 };

/** Where a load goes. */
interface Target {
  readonly to: string;
  readonly senders: readonly Sender[];
  readonly node: ServedNode;
}

/** The measurement. */
export const ogpBench: Bench = {
  name: "ogp",
  async measure({ folder, progress }) {
    const open = async (name: string, peers: number) => {
      const made = await makeGateway(`${folder}/${name}`, peers);
      return { ...made, node: await ServedNode.serve(`${folder}/${name}`, ["ogp", "start"]) };
    };
    const [one, many] = await Promise.all([open("one", 1), open("many", 1_000)]);
    await using _one = one.node;
    await using _many = many.node;
    await using disk = new Helper("durable_writes.ts");
    await using clients = new Helper("keep_alive_clients.ts");
    const bareFolder = `${folder}/one/ogp/bare`;
    await Deno.mkdir(bareFolder, { recursive: true, mode: 0o700 });
    const idle = await residentMemory(one.node.pid);
    const rows: Row[] = [];
    for (const [connections, count] of LOADS) {
      progress(`${connections} at a time`);
      const concurrency = connections;
      const writes: DurableWrites = { folder: bareFolder, count, concurrency, size: RECORD_SIZE };
      const ours = () => rate(clients, one, connections, count);
      const bare = () => disk.ask<number>(writes);
      await interleave(1, ours, bare);
      const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, bare));
      rows.push({
        name: `OGP messages accepted, ${connections} at a time`,
        measured: { value, unit: "/s" },
        against: "bare durable writes",
        baseline,
        ratio,
        aim: { is: "at least", ratio: 0.6 },
      });
      if (connections === 8) rows.push(original("one peer", value, ORIGINAL.onePeer, 3));
    }
    progress("1,000 peers and one");
    const [connections, count] = LOADS[1];
    const ours = () => rate(clients, many, connections, count);
    const few = () => rate(clients, one, connections, count);
    await interleave(1, ours, few);
    const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, few));
    rows.push({
      name: "OGP messages accepted of 1,000 peers, 8 at a time",
      measured: { value, unit: "/s" },
      against: "of one peer",
      baseline,
      ratio,
      aim: { is: "at least", ratio: 0.9 },
    }, original("1,000 peers", value, ORIGINAL.thousandPeers, 50));
    const after = await residentMemory(one.node.pid);
    rows.push({
      name: "memory of the OGP daemon after that",
      measured: { value: after, unit: " MB" },
      against: "idle",
      baseline: idle,
      ratio: after / idle,
    });
    return rows;
  },
};

function original(what: string, value: number, baseline: number, ratio: number): Row {
  return {
    name: `OGP messages of ${what}, 8 at a time`,
    measured: { value, unit: "/s" },
    against: "the original, elsewhere",
    baseline,
    ratio: value / baseline,
    aim: { is: "at least", ratio },
  };
}

async function rate(
  clients: Helper,
  { node: { port }, to, senders }: Target,
  connections: number,
  count: number,
): Promise<number> {
  const load: Load = { port, protocol: "ogp", to, senders, count, connections };
  return (await clients.ask<LoadResult>(load)).rate;
}
