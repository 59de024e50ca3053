/** What `mesh ogp federation list` does. @module */
import { type Federation, listFederation } from "../../../lib/ogp/peers.ts";
import type { ActionContext } from "../../define.ts";
import { short } from "../../text.ts";
import { openGatewayState } from "../gateway.ts";
import type { ListFlags } from "./contacts.ts";
import { keyFingerprint, peerDocument, readAllHealth } from "./peer_document.ts";
import { healthWords, peerLabel, peerWord, standingWords } from "./peer_words.ts";

/**
 * Lists gateways.
 *
 * @param context The terminal.
 * @param flags Which ones.
 */
export default async function (context: ActionContext, flags: ListFlags): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const all = (await listFederation(state)).filter((one) => isWanted(one, flags));
  const health = await readAllHealth(state);
  if (terminal.json) {
    const documents = all.map((one) => peerDocument(one, health(one.publicKey)));
    terminal.document(await Promise.all(documents));
    return;
  }
  if (all.length === 0) {
    const narrowed = flags.status !== undefined || flags.tag !== undefined;
    terminal.line(narrowed ? "None." : "No gateways.");
    if (!narrowed) terminal.note("next: mesh ogp federation request URL");
    return;
  }
  const titles = ["PEER", "ID", "URL", "FINGERPRINT", "STATUS", "SEEN", "TAGS"];
  const rows = all.map(async (one) => [
    peerLabel(one),
    one.id,
    one.gatewayUrl,
    short(await keyFingerprint(one.publicKey)),
    standingWords(one),
    one.status === "approved" ? healthWords(health(one.publicKey)) : "",
    one.tags.join(" "),
  ]);
  terminal.table(titles.map((title) => ({ title })), await Promise.all(rows));
  const waiting = all.filter(({ status, direction }) =>
    status === "pending" && direction === "incoming"
  );
  const [first] = waiting;
  if (!first) return;
  const one = waiting.length === 1 ? peerWord(first) : "PEER";
  terminal.note(`next: compare keys, then: mesh ogp federation approve ${one}`);
}

function isWanted({ status, tags }: Federation, wanted: ListFlags): boolean {
  return (wanted.status === undefined || status === wanted.status) &&
    (wanted.tag === undefined || tags.includes(wanted.tag));
}
