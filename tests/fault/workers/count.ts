/**
 * Adds 1 to one record, again and again. Arguments: root, how often.
 *
 * @module
 */

import { openFileStore } from "../../../lib/store/file_store.ts";
import { jsonCodec } from "../../../lib/store/json_codec.ts";

const [root, times] = Deno.args as [string, string];
const codec = jsonCodec({ parse: (value) => value as { count: number } });
const counters = openFileStore(root).collection("counters", codec);
for (let n = 0; n < Number(times); n++) {
  await counters.update("shared", (current) => ({ count: (current?.count ?? 0) + 1 }));
}
