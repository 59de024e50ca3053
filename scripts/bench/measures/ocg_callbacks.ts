/**
 * Answers by callback while 100,000 others are awaited, against 1,000: how long a delivery takes, and how
 * long the start.
 *
 * @module
 */
import type { Bench } from "../bench.ts";
import { ChatAgent, ChatClients, type MeasuredGateway, serveGateway } from "../chat_gateway.ts";
import { interleave, median, summary } from "../row.ts";

const MANY = 100_000;
const FEW = 1_000;

/** Answers a round. */
const ANSWERS = 100;
const ROUNDS = 5;
const STARTS = 3;

/** The measurement. */
export const ocgCallbacksBench: Bench = {
  name: "ocg-callbacks",
  async measure({ folder, progress }) {
    await using agent = new ChatAgent();
    await using clients = new ChatClients();
    const port = await agent.open(0);
    const settings = { async: true, callbackTokenTTL: 24 * 3600 };
    progress("100,000 open callbacks");
    for (const count of [FEW, MANY]) writeTokens(`${folder}/${count}`, count);
    const start = (count: number) => serveGateway(`${folder}/${count}`, { agent: port, settings });
    const timed = (count: number) => async () => {
      const started = performance.now();
      const gateway = await start(count);
      const millis = performance.now() - started;
      await gateway[Symbol.asyncDispose]();
      return millis;
    };
    progress("starts");
    await interleave(1, timed(MANY), timed(FEW));
    const starts = summary(await interleave(STARTS, timed(MANY), timed(FEW)));
    await using many = await start(MANY);
    await using few = await start(FEW);
    progress("deliveries");
    const delivered = ({ page }: MeasuredGateway) => async () => {
      await clients.run({ do: "say", page, count: ANSWERS, text: "later" });
      return median(await clients.run({ do: "call", urls: await agent.gather(ANSWERS) }));
    };
    await interleave(1, delivered(many), delivered(few));
    const deliveries = summary(await interleave(ROUNDS, delivered(many), delivered(few)));
    return [{
      name: "an answer by callback with 100,000 open ones",
      measured: { value: deliveries.ours, unit: " ms" },
      against: "with 1,000",
      baseline: deliveries.baseline,
      ratio: deliveries.ratio,
      aim: { is: "at most", ratio: 1.5 },
    }, {
      name: "a start with 100,000 open callbacks",
      measured: { value: starts.ours, unit: " ms" },
      against: "with 1,000",
      baseline: starts.baseline,
      ratio: starts.ratio,
      note: "names are read once, for what dead processes left",
    }];
  },
};

/** Writes records of tokens that nobody knows; through the store it would take minutes. */
function writeTokens(root: string, count: number): void {
  const folder = `${root}/ocg/callbacks`;
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
  for (let i = 0; i < count; i++) {
    const record = {
      channel: "webchat",
      account: "default",
      chat: `${i}`,
      message: "m",
      expiresAt,
    };
    const name = i.toString(16).padStart(64, "0");
    Deno.writeTextFileSync(`${folder}/${name}.json`, JSON.stringify(record));
  }
}
