/** What `mesh list-requests` does. @module */
import { listContacts } from "../lib/mesh/contacts.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { openState } from "./node.ts";
import { agentName, ago, short } from "./text.ts";

/**
 * Lists the requests.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const state = openState(context, flags);
  const contacts = await listContacts({ state });
  terminal.document(contacts.map(({ document }) => document));
  if (contacts.length === 0) {
    terminal.line("No contact requests.");
    return;
  }
  const rows = [];
  for (const { recordId, request, receivedAt, peer } of contacts) {
    const known = peer ? undefined : await state.peers.get(request.from.agent_id);
    rows.push([
      recordId,
      agentName(request.from),
      short(request.from.fingerprint),
      peer
        ? "approved"
        : !known
        ? "pending"
        : known.public_key === request.from.public_key
        ? `pending: new endpoint ${request.from.endpoint}`
        : "pending: KEY CHANGED",
      ago(receivedAt),
      request.purpose,
    ]);
  }
  const columns = ["REQUEST", "FROM", "FINGERPRINT", "STANDING", "RECEIVED", "PURPOSE"];
  terminal.table(columns.map((title) => ({ title })), rows);
  const waiting = contacts.filter(({ peer }) => !peer);
  if (waiting.length > 0 && !terminal.json) {
    terminal.note("next: compare fingerprints, then: mesh approve-request REQUEST");
  }
}
