/** What `mesh ogp federation scopes` does. @module */
import { findFederation } from "../../../lib/ogp/peers.ts";
import { describeScope, type ScopeGrants, V01_GRANTS } from "../../../lib/ogp/scopes.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import type { Terminal } from "../../terminal.ts";
import { openGatewayState } from "../gateway.ts";
import { peerDocument } from "./peer_document.ts";
import { peerLabel, peerWord, standingWords } from "./peer_words.ts";

/**
 * Shows grants, both ways.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which gateway.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  const federation = await findFederation(openGatewayState(context, flags), selector);
  const { peer, status } = federation;
  terminal.document({
    ...await peerDocument(federation),
    grants: peer?.grants ?? null,
    grantedToUs: peer?.grantedToUs ?? null,
  });
  const label = peerLabel(federation);
  if (status !== "approved" || !peer) {
    terminal.line(`${label} may do nothing here: ${standingWords(federation)}.`);
    return;
  }
  const basis = peer.grants === null ? " (nothing was negotiated: the rules of OGP 0.1)" : "";
  terminal.line(`${label} may send here${basis}:`);
  printScopes(terminal, peer.grants ?? V01_GRANTS);
  terminal.line();
  if (peer.grantedToUs) {
    terminal.line(`It lets us send:`);
    printScopes(terminal, peer.grantedToUs);
  } else {
    terminal.line("It has not said what it lets us send.");
  }
  if (!terminal.json) {
    const change = `mesh ogp federation grant ${
      peerWord(federation)
    } --intents LIST --rate 100/3600`;
    terminal.note(`change what it may do: ${change}`);
  }
}

function printScopes(terminal: Terminal, { scopes }: ScopeGrants): void {
  if (scopes.length === 0) terminal.line("  nothing");
  for (const scope of scopes) terminal.line(`  ${describeScope(scope, new Date())}`);
}
