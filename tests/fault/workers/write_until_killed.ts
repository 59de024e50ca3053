/**
 * Creates, replaces and updates records until it is killed, and says which ones the store has reported.
 * Arguments: root, a name of its own, the shared record to update.
 *
 * @module
 */

import { openFileStore } from "../../../lib/store/file_store.ts";
import { journalCodec, partCodec, partOf } from "../parts.ts";
import { say } from "./say.ts";

const [root, name, shared] = Deno.args as [string, string, string];
const store = openFileStore(root, {
  onDamage: ({ path, reason }) => say(`damage ${path} ${reason}`),
});
const created = store.collection("created", partCodec);
const replaced = store.collection("replaced", partCodec);
const journals = store.collection("journals", journalCodec);

async function create(lane: string): Promise<void> {
  for (let n = 0;; n++) {
    const id = `${name}-${lane}-${n}`;
    say(`${await created.create(id, partOf(id, n)) ? "created" : "taken"} ${id}`);
  }
}

async function replace(): Promise<void> {
  for (let n = 0;; n++) {
    await replaced.put(name, partOf(name, n));
    say(`replaced ${name} ${n}`);
  }
}

async function update(): Promise<void> {
  for (let n = 0;; n++) {
    const token = `${name}-${n}`;
    await journals.update(shared, (journal) => ({ tokens: [...journal?.tokens ?? [], token] }));
    say(`updated ${shared} ${token}`);
  }
}

await Promise.all([create("a"), create("b"), replace(), update()]);
