/** What `mesh ogp federation whoami` does. @module */
import { ownKey, ownKeyPrefix } from "../../../lib/ogp/card.ts";
import { baseUrl, hostPort } from "../../../lib/ogp/names.ts";
import { type Federation, listFederation } from "../../../lib/ogp/peers.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { safeText } from "../../terminal.ts";
import { short } from "../../text.ts";
import { openGateway } from "../gateway.ts";
import { keyFingerprint } from "./peer_document.ts";
import { peerLabel, printRows } from "./peer_words.ts";

/**
 * Shows who this gateway is to others.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const { config, displayName } = node;
  const { email, humanName, agentName, organization } = config;
  const url = config.gatewayUrl ? baseUrl(config.gatewayUrl) : undefined;
  const publicKey = ownKey(node);
  const fingerprint = await keyFingerprint(publicKey);
  const knownAs = [ownKeyPrefix(node), ...(url ? [hostPort(url)] : [])];
  const otherwise = (await listFederation(node.state)).filter((one) => {
    const name = knowsUsAs(one);
    return one.status === "approved" && name !== undefined && !knownAs.includes(name);
  });
  terminal.document({
    id: ownKeyPrefix(node),
    displayName,
    ...{ email, humanName, agentName, organization },
    gatewayUrl: url ?? null,
    publicKey,
    fingerprint,
    knownAs,
    knownOtherwise: otherwise.map((one) => ({
      id: one.id,
      alias: one.alias ?? null,
      displayName: one.displayName,
      knowsUsAs: knowsUsAs(one),
    })),
  });
  terminal.line(`This gateway is ${safeText(displayName)}.`);
  printRows(terminal, [
    ["url", url ?? "none yet: mesh ogp setup"],
    ["key", publicKey],
    ["fingerprint", short(fingerprint)],
    ["id", knownAs.join(", or to OGP 0.2 ")],
    ["owner", [humanName, organization, email].filter(Boolean).join(", ")],
    ["agent", agentName],
    ...otherwise.map((one) => [`to ${peerLabel(one)}`, knowsUsAs(one)] as const),
  ]);
  if (!url && !terminal.json) {
    terminal.note("Without a URL no gateway can be asked for federation: mesh ogp setup");
  }
}

function knowsUsAs({ peer }: Federation): string | undefined {
  return peer?.knowsUsAs;
}
