/** What `mesh ogp agent-comms set-default` does. @module */
import { setDefaultLevel } from "../../../lib/ogp/policies/changes.ts";
import { type Level, meaningOf } from "../../../lib/ogp/policies/level.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { openGatewayState } from "../gateway.ts";
import { findHolder, noteWhatCannotCount } from "./holders.ts";
import { holderDocument } from "./policy_words.ts";

/**
 * Sets a peer's level of topics that no policy names.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which peer.
 * @param level The level.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
  level: Level,
): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const holder = await findHolder(state, selector);
  const record = await setDefaultLevel(state, holder.publicKey, level);
  terminal.document(holderDocument(holder, record));
  terminal.line(`Default level of ${peerLabel(holder)}: ${level}.`);
  terminal.line(`Its messages about topics that no policy names are ${meaningOf(level)}.`);
  noteWhatCannotCount(terminal, holder, []);
}
