/** What `mesh ogp project send-contribution` does. @module */
import { exitCodeOf, MeshError } from "../../../lib/error.ts";
import { findApproved } from "../../../lib/ogp/peers.ts";
import { answerOf } from "../../../lib/ogp/projects/ask.ts";
import { sendContribution } from "../../../lib/ogp/projects/calls.ts";
import type { ActionContext } from "../../define.ts";
import { safeText } from "../../terminal.ts";
import { jsonObjectArgument } from "../federation/json_argument.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { retrySentence } from "../federation/telling.ts";
import { textOrStdin } from "../federation/text_argument.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import type { SendContributionFlags } from "./across.ts";

/**
 * Adds an entry to a project at a peer.
 *
 * @param context The terminal.
 * @param flags Anything else to say.
 * @param selector Which peer.
 * @param projectId The project.
 * @param entryType What kind of entry it is.
 * @param given What it says.
 * @returns 0 if the peer has it, 8 if it is queued.
 */
export default async function (
  context: ActionContext,
  flags: SendContributionFlags,
  selector: string,
  projectId: string,
  entryType: string,
  given?: string,
): Promise<number> {
  const { terminal } = context;
  const metadata = flags.metadata === undefined
    ? undefined
    : jsonObjectArgument(flags.metadata, "metadata");
  using node = await openGateway(context, flags);
  const peer = await findApproved(node.state, selector);
  const hint = `mesh ogp project send-contribution ${selector} ${projectId} ${entryType} "…"`;
  const summary = await textOrStdin(given, hint);
  const label = peerLabel(peer);
  terminal.progress(`Sending to ${label} …`);
  const what = { entryType, summary, metadata };
  const outbox = gatewayOutbox(node);
  const asked = await sendContribution(node, outbox, peer, projectId, what, flags.toAgent);
  if (asked.state === "unreachable" && asked.kept) {
    const { nonce, reason, nextAttemptAt } = asked;
    terminal.document({
      nonce,
      receipt: "queued",
      response: null,
      error: "queued",
      message: reason,
    });
    terminal.line(`Queued for ${label}: ${nonce}`);
    terminal.note(`${safeText(reason)}.`);
    terminal.note(await retrySentence(node.state.root, nextAttemptAt));
    return exitCodeOf(new MeshError("queued", ""));
  }
  const response = answerOf(asked, label);
  terminal.document({ nonce: asked.nonce, receipt: "accepted", response });
  terminal.line(`${label} has it in ${safeText(projectId)} [${safeText(entryType)}].`);
  return 0;
}
