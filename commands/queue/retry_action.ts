/** What `mesh queue retry` does. @module */
import type { Attempt, Outcome } from "../../lib/delivery/outbox.ts";
import { findDelivery, listDeliveries } from "../../lib/delivery/find.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openRoot } from "../root_nodes.ts";
import { safeText } from "../terminal.ts";
import { ago } from "../text.ts";
import { recipientName } from "../../lib/ogp/recipient_name.ts";

/**
 * Tries deliveries now.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which message; all that wait, if there is none.
 * @returns 0 if all were accepted, 4 if one was refused for good, else 8.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector?: string,
): Promise<number> {
  const { terminal } = context;
  using root = await openRoot(context, flags);
  const { mesh: node, outbox } = root;
  const chosen = selector === undefined
    ? (await listDeliveries(node.state)).filter(({ state }) => state === "waiting")
    : [await findDelivery(node.state, selector)];
  if (chosen.length === 0) terminal.line("Nothing waits.");
  const results = [];
  const unreachable = new Map<string, Outcome>();
  for (const { entry } of chosen) {
    // A peer that does not answer is not waited for once per message.
    const assume = unreachable.get(entry.to);
    const attempt = await outbox.retry(entry.id, assume ? { assume } : {});
    const to = await recipientName(root.ogp?.state, entry);
    if (attempt.state === "queued" && "unreachable" in attempt.outcome) {
      unreachable.set(entry.to, attempt.outcome);
    }
    results.push({
      message_id: entry.id,
      to: entry.to,
      state: attempt.state,
      reason: reasonOf(attempt),
    });
    terminal.line(`${entry.id} to ${safeText(to)}: ${safeText(sentence(attempt))}`);
  }
  terminal.document(results);
  const states = results.map(({ state }) => state);
  if (states.includes("failed")) return 4;
  return states.every((state) => state === "accepted" || state === "gone") ? 0 : 8;
}

function reasonOf(attempt: Attempt): string | undefined {
  return "entry" in attempt ? attempt.entry.last_error?.reason : undefined;
}

function sentence(attempt: Attempt): string {
  switch (attempt.state) {
    case "accepted":
      return "accepted";
    case "gone":
      return "settled by another process meanwhile";
    case "busy":
      return "another process is trying right now";
    case "failed":
      return `given up: ${reasonOf(attempt)}`;
    case "queued":
      if ("paused" in attempt.outcome) return reasonOf(attempt) ?? "paused";
      return `${reasonOf(attempt)}; again ${ago(new Date(attempt.entry.next_attempt_at))}`;
  }
}
