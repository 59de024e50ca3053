/** What `mesh receive-contact` does. @module */
import { join } from "node:path";
import { receiveContact } from "../lib/mesh/contacts.ts";
import { encodeName } from "../lib/store/names.ts";
import type { ActionContext } from "./define.ts";
import { carried, hintAtAge } from "./input.ts";
import { openNode } from "./node.ts";
import type { ReceiveFlags } from "./receive.ts";
import { safeText } from "./terminal.ts";
import { agentName } from "./text.ts";

/**
 * Takes a request in.
 *
 * @param context The terminal.
 * @param flags Whether old ones are taken.
 * @param file The file.
 */
export default async function (
  context: ActionContext,
  flags: ReceiveFlags,
  file: string,
): Promise<void> {
  const { terminal } = context;
  const node = await openNode(context, flags);
  const bytes = await carried(file);
  const { state, request, recordId } = await receiveContact(node, bytes, {
    source: "file",
    allowOld: flags.allowOld,
  }).catch((error) => hintAtAge(error, `mesh receive-contact --allow-old ${file}`));
  const { request_id, from } = request;
  const saved = recordId === undefined
    ? {}
    : { saved: join(node.state.root, "requests", "incoming", `${encodeName(recordId)}.json`) };
  terminal.document({ verified: true, request_id, ...saved });
  const said = {
    pending: "asks for contact",
    known: "asked for contact before; this request is here already",
    trusted: "is trusted here already",
  }[state];
  terminal.line(`${safeText(agentName(from))} ${said}.`);
  terminal.line(`  fingerprint  ${from.fingerprint}`);
  if (state !== "trusted" && !terminal.json) {
    const id = safeText(recordId ?? request_id);
    terminal.note(`next: compare the fingerprint, then: mesh approve-request ${id}`);
  }
}
