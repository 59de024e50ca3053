/** What `mesh ogp federation reject` does. @module */
import { rejectFederation } from "../../../lib/ogp/rejection.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import { peerDocument } from "./peer_document.ts";
import { peerLabel } from "./peer_words.ts";

/**
 * Rejects a request, or takes ours back.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Whose request, or to whom.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const federation = await rejectFederation(node, gatewayOutbox(node), selector);
  terminal.document(await peerDocument(federation));
  const label = peerLabel(federation);
  terminal.line(
    federation.direction === "outgoing"
      ? `Our request to ${label} does not count any more: its approval would not be taken.`
      : `The request of ${label} is rejected.`,
  );
}
