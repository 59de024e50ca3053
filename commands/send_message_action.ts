/** What `mesh send-message` does. @module */
import { join } from "node:path";
import { MeshError } from "../lib/error.ts";
import type { Attempt } from "../lib/delivery/outbox.ts";
import { createMessage } from "../lib/mesh/messages.ts";
import type { MeshNode } from "../lib/mesh/node.ts";
import { sendMessage, storeOutgoing } from "../lib/mesh/outgoing.ts";
import { findPeer } from "../lib/mesh/peers.ts";
import type { Peer } from "../lib/mesh/records.ts";
import { listRunning } from "../lib/run/run_file.ts";
import { decodeUtf8 } from "../lib/signing/utf8.ts";
import type { JsonObject } from "../lib/signing/json.ts";
import { printJson } from "../lib/signing/json_print.ts";
import { rootOutbox } from "../server/outbox.ts";
import type { ActionContext } from "./define.ts";
import { readInput } from "./input.ts";
import { openNode } from "./node.ts";
import type { SendMessageFlags } from "./send_message.ts";
import { jsonText, safeText, type Terminal } from "./terminal.ts";
import { agentName, ago } from "./text.ts";

/** Most bytes of a whole message: what a receiver takes. */
const LARGEST_MESSAGE = 256 * 1024;

/**
 * Writes a message and prints the receipt that is true.
 *
 * @param context The terminal.
 * @param flags To whom, what, and whether to send it.
 * @returns 0 when accepted or printed, 8 when queued.
 */
export default async function (context: ActionContext, flags: SendMessageFlags): Promise<number> {
  const { terminal } = context;
  const node = await openNode(context, flags);
  const peer = await findPeer(node.state, flags.to);
  const message = createMessage(node, peer.agent_id, await textFrom(flags));
  if (new TextEncoder().encode(printJson(message)).length > LARGEST_MESSAGE) {
    throw new MeshError(
      "too_large",
      `The message is larger than ${LARGEST_MESSAGE} bytes, which no node takes`,
    );
  }
  if (!flags.send) {
    await storeOutgoing(node, message);
    terminal.raw(jsonText(message) + "\n");
    terminal.note("Not sent: add --send, or carry it there and type: mesh receive-message FILE");
    return 0;
  }
  if (!peer.endpoint) {
    throw new MeshError("unavailable", `"${peer.agent_id}" has no endpoint to send to`, {
      hint: "leave --send out, and carry the message by hand",
    });
  }
  const attempt = await sendMessage(node, rootOutbox({ mesh: node }), message);
  return await report(terminal, node, peer, message, attempt);
}

async function report(
  terminal: Terminal,
  node: MeshNode,
  peer: Peer,
  message: JsonObject,
  attempt: Attempt,
): Promise<number> {
  const id = String(message.get("message_id"));
  const saved = join(node.state.root, "messages", "outgoing", `${id}.json`);
  const name = safeText(
    agentName({ agent_id: peer.agent_id, display_name: peer.display_name ?? null }),
  );
  if (attempt.state === "accepted") {
    terminal.document({ saved, response: attempt.answer, message_id: id, receipt: "accepted" });
    terminal.line(`Accepted by ${name}: ${id}`);
    return 0;
  }
  if (attempt.state === "failed") {
    const reason = attempt.entry.last_error?.reason ?? "no reason given";
    throw new MeshError("refused", `${name} refused ${id}: ${reason}`, {
      hint: `mesh queue retry ${id} when that is settled, or: mesh queue drop ${id}`,
    });
  }
  const entry = attempt.state === "queued" ? attempt.entry : undefined;
  const reason = entry?.last_error?.reason;
  terminal.document({
    saved,
    response: null,
    message_id: id,
    receipt: "queued",
    ...(entry ? { next_attempt_at: entry.next_attempt_at, error: reason } : {}),
  });
  terminal.line(`Queued for ${name}: ${id}`);
  if (reason) terminal.note(safeText(`${reason}.`));
  if (attempt.state === "queued" && "paused" in attempt.outcome) return 8;
  const daemon = (await listRunning(node.state.root)).length > 0;
  const next = entry ? ` ${ago(new Date(entry.next_attempt_at))}` : "";
  terminal.note(
    daemon
      ? `It is safe on disk; the daemon tries again${next}.`
      : "It is safe on disk, but no daemon runs here to try again: mesh serve, or mesh queue retry",
  );
  return 8;
}

async function textFrom(flags: SendMessageFlags): Promise<string> {
  if (flags.text !== undefined && flags.file !== undefined) {
    throw new MeshError("usage", "Give --text or --file, not both", {
      hint: "mesh send-message --help",
    });
  }
  if (flags.text !== undefined) return notEmpty(flags.text);
  if (flags.file === undefined && Deno.stdin.isTerminal()) {
    throw new MeshError("usage", "There is nothing to say", {
      hint: 'mesh send-message --to AGENT --text "…", or --file FILE, or pipe it in',
    });
  }
  const text = decodeUtf8(await readInput(flags.file ?? "-", LARGEST_MESSAGE));
  return notEmpty(text.replace(/\r?\n$/, ""));
}

function notEmpty(text: string): string {
  if (text.trim() === "") throw new MeshError("usage", "The text is empty");
  return text;
}
