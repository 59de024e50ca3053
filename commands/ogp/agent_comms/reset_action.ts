/** What `mesh ogp agent-comms reset` does. @module */
import { resetPolicies } from "../../../lib/ogp/policies/changes.ts";
import { readPolicies } from "../../../lib/ogp/policies/policy_store.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText } from "../../terminal.ts";
import { peerLabel } from "../federation/peer_words.ts";
import { openGatewayState } from "../gateway.ts";
import { findHolder } from "./holders.ts";
import { holderDocument, sorted } from "./policy_words.ts";

/**
 * Takes all policies of a peer away.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param selector Which peer.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  const state = openGatewayState(context, flags);
  const holder = await findHolder(state, selector);
  const before = await resetPolicies(state, holder.publicKey);
  terminal.document(holderDocument(holder, await readPolicies(state, holder.publicKey)));
  terminal.line(`Only what holds for all peers counts for ${peerLabel(holder)} now.`);
  const projects = sorted(before?.topics ?? new Map()).filter(([, { by }]) => by === "project");
  if (projects.length === 0) return;
  const names = projects.map(([topic]) => safeText(topic)).join(", ");
  terminal.note(`Topics of projects were among what is gone: ${names}`);
}
