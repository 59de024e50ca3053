/** What `mesh queue show` does. @module */
import { findDelivery } from "../../lib/delivery/find.ts";
import type { OutboxEntry } from "../../lib/delivery/outbox.ts";
import { textOf } from "../../lib/mesh/records.ts";
import type { MeshState } from "../../lib/mesh/state.ts";
import type { JsonObject } from "../../lib/signing/json.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { toPlain } from "../../lib/signing/json_plain.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { notePause } from "../pause_words.ts";
import { stateDirectory } from "../state_directory.ts";
import { safeText } from "../terminal.ts";
import { isOgp, recipientName } from "../../lib/ogp/recipient_name.ts";
import { thingOf } from "./words.ts";

/** Most characters of a payload that a line shows. */
const LONGEST = 500;

/**
 * Shows a delivery.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which message.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  const state = openState(context, flags);
  await notePause(terminal, state.store);
  const { state: standing, entry } = await findDelivery(state, selector);
  const { to, what, document } = isOgp(entry.protocol)
    ? await ofGateway(stateDirectory(flags, context.env), entry)
    : await ofMesh(state, entry);
  terminal.document({ state: standing, ...entry, message: document ?? null });
  const rows = [
    ["message", entry.id],
    ["to", to],
    ["state", standing === "dead" ? "given up" : "waiting"],
    ["queued", entry.created_at],
    ["failed attempts", String(entry.attempts)],
    ["next attempt", standing === "dead" ? "none" : entry.next_attempt_at],
    [
      "last failure",
      entry.last_error ? `${entry.last_error.at}: ${entry.last_error.reason}` : "none",
    ],
    what,
  ] as const;
  for (const [name, value] of rows) terminal.line(`${name.padEnd(16)} ${safeText(value)}`);
}

/** What is delivered, for people and for programs. */
interface Shown {
  readonly to: string;
  readonly what: readonly [name: string, value: string];
  readonly document: JsonObject | undefined;
}

const LOST = "the message is not on disk";

async function ofMesh(state: MeshState, entry: OutboxEntry): Promise<Shown> {
  const document = await state.messagesOut.get(entry.id);
  const body = document ? toPlain(document.get("body") ?? null) : undefined;
  const text = body ? textOf(body as Parameters<typeof textOf>[0]) : LOST;
  return { to: entry.to, what: ["text", text], document };
}

async function ofGateway(root: string, entry: OutboxEntry): Promise<Shown> {
  const { openOgpState } = await import("../../lib/ogp/state.ts");
  const gateways = openOgpState(root);
  const to = await recipientName(gateways, entry);
  if (entry.protocol !== "ogp") {
    return { to, what: ["what", thingOf(entry.protocol)], document: undefined };
  }
  const document = await gateways.messagesOut.get(entry.id);
  if (!document) return { to, what: ["payload", LOST], document };
  const payload = printJson(document.get("payload") ?? null);
  const short = payload.length > LONGEST ? `${payload.slice(0, LONGEST)}…` : payload;
  return { to, what: [String(document.get("intent") ?? "payload"), short], document };
}
