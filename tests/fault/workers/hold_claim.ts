/**
 * Takes claims and gives them back, and says when it is alone with one. With `keep` it takes one and holds
 * it until it is killed. Arguments: root, `keep` or how often.
 *
 * @module
 */

import { openFileStore } from "../../../lib/store/file_store.ts";
import { say } from "./say.ts";

const [root, times] = Deno.args as [string, string];
const store = openFileStore(root);

if (times === "keep") {
  const claim = await store.tryClaim("serve");
  say(claim === undefined ? "refused" : "held");
  // Holding a lock inside needs the claim no more than a daemon does: until the end.
  await store.withLock("work", () => new Promise(() => setInterval(() => {}, 1_000)));
}

/** Its presence says that somebody believes to be alone. */
const witness = `${root}/witness`;
let held = 0;
while (held < Number(times)) {
  const claim = await store.tryClaim("serve");
  if (claim === undefined) continue;
  Deno.openSync(witness, { write: true, createNew: true }).close();
  Deno.removeSync(witness);
  await claim.release();
  held++;
}
say(`held ${held}`);
