/** What `mesh ogp federation request` does. @module */
import { ownKey } from "../../../lib/ogp/card.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import { findFederation, listFederation } from "../../../lib/ogp/peers.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import type { ActionContext } from "../../define.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { short } from "../../text.ts";
import { openGateway } from "../gateway.ts";
import type { RequestFlags } from "./decisions.ts";
import { gatewayUrl } from "./gateway_url.ts";
import { keyFingerprint, peerDocument } from "./peer_document.ts";
import { identityRows, peerLabel, peerWord, printRows } from "./peer_words.ts";
import { isDaemonRunning } from "./telling.ts";
import { otherKeysAt, warnAbout, warnOfNamesakes, warnOfOtherKey } from "./warnings.ts";

/**
 * Asks a gateway for federation.
 *
 * @param context The terminal.
 * @param flags A name for it.
 * @param url Where it listens.
 * @param id What to call it.
 */
export default async function (
  context: ActionContext,
  flags: RequestFlags,
  url: string,
  id?: string,
): Promise<void> {
  const { terminal } = context;
  const base = gatewayUrl(url);
  using node = await openGateway(context, flags);
  terminal.progress(`Asking ${base} …`);
  const { request, answer } = await requestFederation(node, base, {
    ...(id === undefined ? {} : { id }),
    ...(flags.alias === undefined ? {} : { alias: flags.alias }),
  });
  const federation = await findFederation(node.state, request.publicKey);
  terminal.document({ ...await peerDocument(federation), answer });
  terminal.line(`${peerLabel(federation)} has the request; it says: ${safeText(answer)}`);
  printRows(terminal, [
    ...await identityRows(federation),
    ["our key", ownKey(node)],
    ["our fingerprint", short(await keyFingerprint(ownKey(node)))],
  ]);
  const known = await listFederation(node.state);
  warnOfOtherKey(terminal, base, otherKeysAt(known, base, request.publicKey));
  warnOfNamesakes(terminal, federation, known);
  warnAbout(terminal, federation);
  if (!terminal.json) await noteNext(terminal, node, peerWord(federation), federation.status);
}

async function noteNext(
  terminal: Terminal,
  node: OgpNode,
  word: string,
  status: string,
): Promise<void> {
  if (status === "approved") {
    terminal.note(`You are federated already: mesh ogp federation agent ${word} TOPIC TEXT`);
    return;
  }
  terminal.note("Compare both keys with its owner, who approves the request there.");
  terminal.note(
    await isDaemonRunning(node.state.root)
      ? "The approval comes in by itself: mesh ogp federation list"
      : "The approval can only come in while a daemon runs here: mesh ogp start",
  );
}
