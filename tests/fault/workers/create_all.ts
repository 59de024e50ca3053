/**
 * Creates records that others create as well, and says which ones were its own. Arguments: root, its name,
 * how many.
 *
 * @module
 */

import { openFileStore } from "../../../lib/store/file_store.ts";
import { partCodec, partOf } from "../parts.ts";
import { say } from "./say.ts";

const [root, name, count] = Deno.args as [string, string, string];
const parts = openFileStore(root).collection("parts", partCodec);
for (let n = 0; n < Number(count); n++) {
  if (await parts.create(`part-${n}`, partOf(name, n))) say(`part-${n}`);
}
