/**
 * Lists a large folder many times and says how much the heap grew, in bytes. Runs with `--expose-gc`.
 * Arguments: root, and
 * `ordered` for a collection that is.
 *
 * @module
 */

import { openFileStore } from "../../../lib/store/file_store.ts";
import { partCodec } from "../parts.ts";
import { say } from "./say.ts";

const collectGarbage = (globalThis as unknown as { gc: () => void }).gc;
const ordered = Deno.args[1] === "ordered";
const parts = openFileStore(Deno.args[0]!).collection("parts", partCodec, { ordered });

async function heapAfterListings(): Promise<number> {
  for (let n = 0; n < 5; n++) await parts.list({ order: "newest", limit: 20 });
  collectGarbage();
  return Deno.memoryUsage().heapUsed;
}

await heapAfterListings();
const before = await heapAfterListings();
const after = await heapAfterListings();
say(`${after - before}`);
