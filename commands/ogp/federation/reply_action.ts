/** What `mesh ogp federation reply` does. @module */
import { exitCodeOf, MeshError } from "../../../lib/error.ts";
import { findIncoming } from "../../../lib/ogp/incoming.ts";
import { type Answer, answerMessage } from "../../../lib/ogp/replies.ts";
import { JsonObject } from "../../../lib/signing/json.ts";
import type { ActionContext } from "../../define.ts";
import { failureDocument, safeText } from "../../terminal.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import { readSenders } from "./incoming_document.ts";
import { jsonArgument } from "./json_argument.ts";
import { peerLabel } from "./peer_words.ts";
import type { ReplyFlags } from "./talk.ts";
import { isDaemonRunning, retrySentence, toldOf } from "./telling.ts";
import { textOrStdin } from "./text_argument.ts";

/**
 * Answers a message.
 *
 * @param context The terminal.
 * @param flags What to answer, if it is no text.
 * @param selector Which message.
 * @param text What to answer.
 * @returns 0 if the sender has the reply or can fetch it, 8 if it is queued, 4 if it was refused.
 */
export default async function (
  context: ActionContext,
  flags: ReplyFlags,
  selector: string,
  text?: string,
): Promise<number> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const incoming = await findIncoming(node.state, selector);
  const answer = await answerFrom(flags, incoming.nonce, text);
  terminal.progress("Sending …");
  const { by, attempt } = await answerMessage(node, gatewayOutbox(node), incoming, answer);
  const sender = (await readSenders(node.state)).get(incoming.publicKey);
  const label = sender ? peerLabel(sender) : "The sender";
  const { nonce } = incoming;
  const { root } = node.state;
  if (by === "poll") {
    terminal.document({ nonce, receipt: "stored", by });
    terminal.line(`The reply to ${safeText(nonce)} is ready for ${label} to fetch.`);
    if (!terminal.json && !await isDaemonRunning(root)) {
      terminal.note("It can only be fetched while a daemon runs here: mesh ogp start");
    }
    return 0;
  }
  const told = attempt ? toldOf(attempt) : { receipt: "accepted" as const };
  if (told.receipt === "failed") {
    const error = new MeshError(
      "refused",
      `${label} refused the reply: ${told.reason ?? "no reason"}`,
    );
    terminal.document({ ...failureDocument(error), nonce, receipt: "failed", by });
    terminal.withJson(false).fail(error);
    return exitCodeOf(error);
  }
  terminal.document({ nonce, ...told, by });
  if (told.receipt === "accepted") {
    terminal.line(`${label} has the reply to ${safeText(nonce)}.`);
    return 0;
  }
  terminal.line(`Queued for ${label}: the reply to ${safeText(nonce)}`);
  if (told.reason !== undefined) terminal.note(`${safeText(told.reason)}.`);
  terminal.note(await retrySentence(root, told.nextAttemptAt));
  return 8;
}

async function answerFrom(
  { jsonData, error }: ReplyFlags,
  nonce: string,
  text: string | undefined,
): Promise<Answer> {
  if (jsonData !== undefined) {
    if (error || text !== undefined) {
      throw new MeshError("usage", "Give a text, or --json-data, not both", {
        hint: "mesh ogp federation reply --help",
      });
    }
    return { success: true, data: jsonArgument(jsonData, "data") };
  }
  const said = await textOrStdin(text, `mesh ogp federation reply ${nonce} "…", or pipe it in`);
  return error
    ? { success: false, error: said }
    : { success: true, data: new JsonObject([["answer", said]]) };
}
