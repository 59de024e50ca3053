/**
 * Chats in front of an agent: how much later an answer begins than at the agent itself, and what a
 * conversation costs in memory while its answer is written.
 *
 * @module
 */
import type { Bench } from "../bench.ts";
import { agentUrl, ChatAgent, ChatClients, serveGateway } from "../chat_gateway.ts";
import type { DurableWrites } from "../durable_writes.ts";
import { Helper } from "../helper.ts";
import { residentMemory } from "../memory.ts";
import { interleave, median, type Row, summary } from "../row.ts";

/** Milliseconds before the agent begins: quick for a model. */
const THINKING = 200;
const QUESTIONS = 10;
const ROUNDS = 5;
const CONVERSATIONS = 1_000;

/**
 * What is on disk before the first words are shown: the question on the page and for the gateway, its turn,
 * and the answer's message.
 */
const WRITES = 4;

/** The measurement. */
export const ocgChatsBench: Bench = {
  name: "ocg-chats",
  async measure({ folder, progress }) {
    await using agent = new ChatAgent();
    await using clients = new ChatClients();
    const port = await agent.open(THINKING);
    await using gateway = await serveGateway(`${folder}/state`, { agent: port });
    const { page, pid } = gateway;
    const idle = await residentMemory(pid);
    progress("first words");
    const url = agentUrl(port);
    const ours = async () => median(await clients.run({ do: "wait", page, count: QUESTIONS }));
    await using disk = new Helper("durable_writes.ts");
    const bareFolder = `${folder}/state/ocg/bare`;
    await Deno.mkdir(bareFolder, { mode: 0o700 });
    const writes: DurableWrites = { folder: bareFolder, count: 50, concurrency: 1, size: 400 };
    let alone = 0;
    const bare = async () => {
      alone = median(await clients.run({ do: "bare", agent: url, count: QUESTIONS }));
      return alone + WRITES * 1000 / await disk.ask<number>(writes);
    };
    await interleave(1, ours, bare);
    const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, bare));
    const rows: Row[] = [{
      name: "first words of an answer on the webchat",
      measured: { value, unit: " ms" },
      against: "the agent and 4 durable writes",
      baseline,
      ratio,
      aim: { is: "at most", ratio: 1.25 },
      note: `${
        (value - baseline).toFixed(1)
      } ms are added; the question is on disk before it is asked`,
    }];
    progress("1,000 open conversations");
    await clients.run({ do: "say", page, count: CONVERSATIONS, text: "hold on" });
    await agent.gather(CONVERSATIONS);
    const open = await residentMemory(pid);
    const each = ((open - idle) * 1024 / CONVERSATIONS).toFixed(0);
    rows.push({
      name: "memory with 1,000 open conversations",
      measured: { value: open, unit: " MB" },
      against: "idle",
      baseline: idle,
      ratio: open / idle,
      aim: { is: "at most", ratio: 3 },
      note: `${each} kB each`,
    });
    return rows;
  },
};
