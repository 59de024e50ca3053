/**
 * A program that logs, as a daemon does: `logging_process.ts ROOT NAME COUNT LARGEST`. Exits with 1 if an
 * entry could not be written.
 *
 * @module
 */
import { logActivity } from "../../../../lib/ogp/activity/log_activity.ts";
import { openOgpState } from "../../../../lib/ogp/state.ts";

const [root = "", name = "", count = "", largest = ""] = Deno.args;
const state = openOgpState(root);
const now = new Date("2026-03-12T18:05:00Z");
for (let i = 0; i < Number(count); i++) {
  const event = {
    direction: "in",
    publicKey: "302a",
    name,
    topic: "testing",
    outcome: "accepted",
    nonce: `${i}`,
  } as const;
  const options = { logging: "on", now, largest: Number(largest) } as const;
  if (!await logActivity(state, event, options)) Deno.exit(1);
}
