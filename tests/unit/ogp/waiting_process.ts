/**
 * A program that waits for a reply, as a command does: `waiting_process.ts ROOT NONCE TIME`. Prints a line
 * when it begins, and the reply when it has it.
 *
 * @module
 */
import { openOgpNode } from "../../../lib/ogp/node.ts";
import { waitForReply } from "../../../lib/ogp/wait.ts";

const [root = "", nonce = "", time = ""] = Deno.args;
const encoder = new TextEncoder();
const say = (line: unknown) => Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(line)}\n`));

using node = await openOgpNode(root, { now: () => new Date(time) });
let begun = false;
const reply = await waitForReply(node, nonce, {
  timeoutMs: 15_000,
  onTick: () => {
    if (!begun) say("waiting");
    begun = true;
  },
});
say(reply ?? null);
