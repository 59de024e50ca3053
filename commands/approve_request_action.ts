/** What `mesh approve-request` does. @module */
import { approveContact, findContact } from "../lib/mesh/decisions.ts";
import { requestedFingerprints, sendContactRequest } from "../lib/mesh/requests.ts";
import { messageOf } from "../lib/error.ts";
import type { Peer } from "../lib/mesh/records.ts";
import type { ActionContext } from "./define.ts";
import { openNode } from "./node.ts";
import type { ApproveFlags } from "./requests.ts";
import { agentName, ago } from "./text.ts";
import { safeText } from "./terminal.ts";
import { baseUrl } from "./url.ts";

/**
 * Approves a request and, if asked to, makes trust mutual.
 *
 * @param context The terminal.
 * @param flags Endpoint, and whether to ask back.
 * @param selector Which request.
 * @returns 6 if the agent is approved but could not be asked back.
 */
export default async function (
  context: ActionContext,
  flags: ApproveFlags,
  selector: string,
): Promise<number> {
  const { terminal } = context;
  const node = await openNode(context, flags);
  const { request, receivedAt, recordId } = await findContact(node, selector);
  const peer = await approveContact(
    node,
    recordId,
    flags.endpoint === undefined ? {} : { endpoint: baseUrl(flags.endpoint) },
  );
  terminal.document(peer);
  terminal.line(
    `${
      safeText(agentName({ agent_id: peer.agent_id, display_name: peer.display_name ?? null }))
    } is trusted now.`,
  );
  terminal.line(`  fingerprint  ${peer.fingerprint}`);
  terminal.line(`  endpoint     ${safeText(peer.endpoint || "none")}`);
  terminal.line(
    `  asked        ${ago(receivedAt)}: ${safeText(request.purpose || "no purpose given")}`,
  );
  if (!flags.requestBack) {
    if (!terminal.json) terminal.note(nextStep(peer, await requestedFingerprints(node)));
    return 0;
  }
  try {
    await sendContactRequest(node, baseUrl(String(peer.endpoint)), {
      card: request.from,
      purpose: "mutual contact",
    });
    terminal.line(`  asked back   at ${safeText(String(peer.endpoint))}`);
    return 0;
  } catch (error) {
    terminal.warn(`It is trusted, but could not be asked back: ${safeText(messageOf(error))}`);
    terminal.note(`hint: mesh request-contact ${safeText(String(peer.endpoint))}`);
    return 6;
  }
}

/** Trust is one-sided: what is missing for the other side. */
function nextStep({ agent_id, endpoint, fingerprint }: Peer, asked: ReadonlySet<string>): string {
  if (asked.has(fingerprint)) {
    const send = `mesh send-message --to ${safeText(agent_id)} --send`;
    return `You asked it for contact, too; once its owner agrees: ${send}`;
  }
  const ask = `mesh request-contact ${endpoint ? safeText(endpoint) : "> request.json"}`;
  return `To write to it, it has to trust you too: ${ask}`;
}
