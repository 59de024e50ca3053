/**
 * Creates, replaces, deletes and lists records of a folder that has an arrivals journal until it is killed,
 * and says after each change that the store has reported what it was. Arguments: root, a name of its own,
 * from how many records on there is a journal.
 *
 * @module
 */

import { openFileStore } from "../../../lib/store/file_store.ts";
import { partCodec, partOf } from "../parts.ts";
import { say } from "./say.ts";

const [root, name, from] = Deno.args as [string, string, string];
const store = openFileStore(root, {
  journalFrom: Number(from),
  onDamage: ({ path, reason }) => say(`damage ${path} ${reason}`),
});
const parts = store.collection("parts", partCodec, { ordered: true });

async function write(lane: string): Promise<void> {
  for (let n = 0;; n++) {
    const id = `${name}-${lane}-${n}`;
    await parts.create(id, partOf(id, n));
    say(`created ${id}`);
    const old = `part-${(n * 17) % 100}`;
    await parts.put(old, partOf(old, n));
    say(`replaced ${old}`);
    if (n % 3 === 0 && await parts.delete(`part-${100 + n}`)) say(`deleted part-${100 + n}`);
  }
}

async function list(): Promise<void> {
  while (true) await parts.list({ order: "newest", limit: 10 });
}

await Promise.all([write("a"), write("b"), list()]);
