/** What `mesh ogp federation approve` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { approveFederation } from "../../../lib/ogp/approvals_out.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import { type Federation, findFederation, listFederation } from "../../../lib/ogp/peers.ts";
import {
  defaultGrants,
  grantsFrom,
  type ScopeGrants,
  V01_GRANTS,
} from "../../../lib/ogp/scopes.ts";
import type { ActionContext } from "../../define.ts";
import type { Terminal } from "../../terminal.ts";
import { ago } from "../../text.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import type { ApproveFlags } from "./decisions.ts";
import { federationOfPeer, peerDocument } from "./peer_document.ts";
import { grantRows, identityRows, peerLabel, peerWord, printRows } from "./peer_words.ts";
import { noteTold, type Told, TOLD_EXIT, toldOf } from "./telling.ts";
import { warnAbout, warnOfNamesakes } from "./warnings.ts";

/**
 * Approves a request and prints whom it approved.
 *
 * @param context The terminal.
 * @param flags Grants, and a name.
 * @param selector Whose request.
 * @returns 0 if the gateway knows, 8 if it could not be told yet, 4 if it would not hear of it.
 */
export default async function (
  context: ActionContext,
  flags: ApproveFlags,
  selector: string,
): Promise<number> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const asking = await findAsking(node, selector);
  const grants = grantsOf(node, flags, asking);
  const { peer, attempt } = await approveFederation(
    node,
    gatewayOutbox(node),
    asking.publicKey,
    {
      ...(grants === undefined ? {} : { grants }),
      ...(flags.alias === undefined ? {} : { alias: flags.alias }),
    },
  );
  const { incoming } = asking;
  const federation = { ...federationOfPeer(peer), ...(incoming ? { incoming } : {}) };
  const told = toldOf(attempt);
  terminal.document({ ...await peerDocument(federation), notified: told });
  await say(terminal, federation);
  warnAbout(terminal, federation);
  warnOfNamesakes(terminal, federation, await listFederation(node.state));
  await noteNext(terminal, node, federation, told);
  return TOLD_EXIT[told.receipt];
}

/**
 * Whoever has an open request, or was approved before. Names are free to choose, so one that asks under the
 * name of one that is approved has to be told apart by its key.
 */
async function findAsking(node: OgpNode, selector: string): Promise<Federation> {
  const among = ({ status, direction }: Federation) =>
    status === "approved" || (status === "pending" && direction === "incoming");
  try {
    return await findFederation(node.state, selector, { among });
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "not_found") throw error;
    return await findFederation(node.state, selector);
  }
}

/** Without flags there is a default for whoever asks, and nothing changes for whoever is approved. */
function grantsOf(
  node: OgpNode,
  { intents, rate, topics }: ApproveFlags,
  { incoming, peer }: Federation,
): ScopeGrants | undefined {
  if (intents === undefined && rate === undefined && topics === undefined) return undefined;
  const now = node.now();
  const before = peer?.status === "approved"
    ? peer.grants ?? V01_GRANTS
    : defaultGrants(incoming?.offeredIntents, now);
  return grantsFrom({ intents, rate, topics }, now, before);
}

async function say(terminal: Terminal, federation: Federation): Promise<void> {
  const { incoming, peer } = federation;
  const asked = incoming && ago(new Date(incoming.receivedAt));
  terminal.line(`${peerLabel(federation)} is approved.`);
  printRows(terminal, [
    ...await identityRows(federation),
    ["asked", incoming?.source ? `${asked}, from ${incoming.source}` : asked],
    ...grantRows(peer?.grants ?? null),
  ]);
}

async function noteNext(
  terminal: Terminal,
  node: OgpNode,
  federation: Federation,
  told: Told,
): Promise<void> {
  await noteTold(terminal, node.state.root, peerLabel(federation), told);
  if (terminal.json) return;
  const word = peerWord(federation);
  terminal.note(
    "Compare the key with its owner over the phone or face to face; it is shown there by: " +
      "mesh ogp federation whoami",
  );
  terminal.note(`If it is another one: mesh ogp federation remove ${word}`);
}
