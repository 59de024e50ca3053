/** What `mesh request-contact` does. @module */
import { join } from "node:path";
import { MeshError } from "../lib/error.ts";
import { requestId, sendContactRequest, storeContactRequest } from "../lib/mesh/requests.ts";
import { probe } from "../lib/mesh/scan/probe.ts";
import { agentName } from "./text.ts";
import type { ActionContext } from "./define.ts";
import { openNode } from "./node.ts";
import type { RequestContactFlags } from "./request_contact.ts";
import { jsonText, safeText } from "./terminal.ts";
import { baseUrl } from "./url.ts";

/** Milliseconds that the other node gets to show its card. */
const CARD_TIMEOUT = 5_000;

/**
 * Signs a request and sends it, or prints it.
 *
 * @param context The terminal.
 * @param flags Purpose and URL.
 * @param url The URL as an argument.
 */
export default async function (
  context: ActionContext,
  flags: RequestContactFlags,
  url?: string,
): Promise<void> {
  const { terminal } = context;
  const target = flags.send ?? url;
  const node = await openNode(context, flags);
  if (target === undefined) {
    terminal.raw(jsonText(await storeContactRequest(node, flags.purpose)) + "\n");
    terminal.note("Not sent: carry it to the other node and type there: mesh receive-contact FILE");
    return;
  }
  const base = baseUrl(target);
  const found = await probe({ url: base, explicit: true, source: target }, {
    timeoutMs: CARD_TIMEOUT,
  });
  if (!found.ok) {
    throw new MeshError("unavailable", `No node answers at ${base}: ${found.error}`, {
      hint: "mesh scan",
    });
  }
  const { document, answer } = await sendContactRequest(node, base, {
    card: found.card,
    ...(flags.purpose === undefined ? {} : { purpose: flags.purpose }),
  });
  const saved = join(node.state.root, "requests", "outgoing", `${requestId(document)}.json`);
  terminal.document({ saved, response: answer });
  terminal.line(`${safeText(agentName(found.card))} has the request ${requestId(document)}.`);
  terminal.line(`  its fingerprint   ${found.card.fingerprint}`);
  terminal.line(`  your fingerprint  ${node.identity.card.fingerprint}`);
  if (!terminal.json) {
    terminal.note("Its owner approves it there; you approve its request here: mesh list-requests");
  }
}
