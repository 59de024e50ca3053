/**
 * The newest 20 of 100,000 messages in one folder, against one reading of the folder's names.
 *
 * @module
 */
import { generateKeyPair } from "../../../lib/identity/private_key.ts";
import { readInbox } from "../../../lib/mesh/inbox.ts";
import { openMeshState } from "../../../lib/mesh/state.ts";
import type { Bench } from "../bench.ts";
import { messageText } from "../message.ts";
import { interleave, summary } from "../row.ts";

const MESSAGES = 100_000;
const NEWEST = 20;
const ROUNDS = 7;

/** The measurement. */
export const inboxBench: Bench = {
  name: "inbox",
  async measure({ folder, progress }) {
    const inbox = `${folder}/messages/incoming`;
    await Deno.mkdir(inbox, { recursive: true, mode: 0o700 });
    progress("writing 100,000 messages");
    const text = messageText(generateKeyPair().privateKey, "agent-a", "agent-b");
    for (let i = 0; i < MESSAGES; i++) {
      const id = i.toString(16).padStart(32, "0");
      Deno.writeTextFileSync(`${inbox}/msg_${id}@0123456789abcdef.json`, text);
    }
    progress("listing");
    const state = openMeshState(folder);
    const ours = () =>
      timed(async () => (await readInbox(state, { limit: NEWEST })).length, NEWEST);
    const names = () => timed(() => count(Deno.readDir(inbox)), MESSAGES);
    // The first listing finds a folder that nobody has listed before, and begins its journal.
    await interleave(1, ours, names);
    const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, names));
    return [{
      name: "newest 20 of 100,000 messages",
      measured: { value, unit: " ms" },
      against: "one directory listing",
      baseline,
      ratio,
      aim: { is: "at most", ratio: 3 },
    }];
  },
};

async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of entries) found++;
  return found;
}

/** The folder also has a journal, so that more may be found than there are messages. */
async function timed(work: () => Promise<number>, least: number): Promise<number> {
  const started = performance.now();
  const found = await work();
  const millis = performance.now() - started;
  if (found < least) throw new Error(`There are ${found} instead of ${least}`);
  return millis;
}
