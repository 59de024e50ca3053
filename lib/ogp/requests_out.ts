/**
 * Asking another gateway for a federation. That we asked is on disk before anything is sent: only a
 * gateway that we asked can approve us.
 *
 * @module
 */
import { isPaused } from "../delivery/pause.ts";
import { MeshError } from "../error.ts";
import { parsePeerUrl } from "../net/post.ts";
import { cardOf } from "./approved_peer.ts";
import { fetchCard, type FetchedCard, ownKey, ownPeer, requireGatewayUrl } from "./card.ts";
import { deciding } from "./decision_lock.ts";
import { intentNames } from "./intents/registry.ts";
import { checkName } from "./labels.ts";
import { baseUrl, hostPort } from "./names.ts";
import type { OgpNode } from "./node.ts";
import { chooseId } from "./peers.ts";
import { postFederation } from "./post_federation.ts";
import type { OutgoingRequest } from "./records.ts";
import { signText } from "./signed_text.ts";
import { peerName } from "./state.ts";

/** How to ask. */
export interface RequestOptions {
  /** What the owner calls the gateway. */
  readonly id?: string | undefined;
  /** A shorter name for it. */
  readonly alias?: string | undefined;
  /** Gives up early. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of asking. */
export interface RequestedFederation {
  /** Our request as stored. */
  readonly request: OutgoingRequest;
  /** The standing that the other gateway told: `pending` or `already-pending-or-approved`. */
  readonly answer: string;
}

/**
 * Asks a gateway for a federation: fetches its card, writes down whom we ask, and posts the request in
 * both dialects at once. Asking again while a request is pending sends it again; after a rejection or a
 * removal it starts over.
 *
 * The URL that is kept is the one that the card names if its origin is the one that was asked, since only
 * there was the key seen; else it is the one that was asked, whatever the card says.
 *
 * @param node This gateway.
 * @param url The other gateway's base URL.
 * @param options Names and signal.
 * @returns Our request, and what the other side says to it.
 * @throws {MeshError} `unavailable`, `timeout`, `malformed` or `bad_key` for what answers there, `exists`
 * for a gateway that is approved already, `refused` for ourselves and for a refusal, `config_invalid` if
 * we have no URL, `usage` for an impossible name.
 */
export async function requestFederation(
  node: OgpNode,
  url: string,
  options: RequestOptions = {},
): Promise<RequestedFederation> {
  requireGatewayUrl(node);
  if (await isPaused(node.state.store)) {
    throw new MeshError("refused", "Everything outgoing is paused", { hint: "mesh resume" });
  }
  const asked = baseUrl(parsePeerUrl(url).href);
  const fetched = await fetchCard(asked, options.signal ? { signal: options.signal } : {});
  if (fetched.card.publicKey === ownKey(node)) {
    throw new MeshError("refused", `At ${asked} is this very gateway`);
  }
  const request = await deciding(node.state, () => writeDown(node, asked, fetched, options));
  return { request, answer: await post(node, request, options.signal) };
}

async function writeDown(
  node: OgpNode,
  asked: string,
  fetched: FetchedCard,
  options: RequestOptions,
): Promise<OutgoingRequest> {
  const { state } = node;
  const { publicKey, displayName } = fetched.card;
  const name = peerName(publicKey);
  const peer = await state.peers.get(name);
  if (peer?.status === "approved") {
    const shown = peer.alias ?? peer.displayName;
    throw new MeshError("exists", `"${shown}" is approved already`, {
      hint: `mesh ogp federation scopes ${peer.id}`,
    });
  }
  const before = await state.requestsOut.get(name);
  for (const what of ["id", "alias"] as const) {
    const wanted = options[what];
    if (wanted !== undefined) await checkName(state, publicKey, what, wanted);
  }
  const labels = peer ?? before ?? await state.requestsIn.get(name);
  const gatewayUrl = new URL(fetched.card.gatewayUrl).origin === new URL(asked).origin
    ? fetched.card.gatewayUrl
    : asked;
  const request: OutgoingRequest = {
    ...cardOf({ ...fetched.card, gatewayUrl }),
    claimedId: hostPort(fetched.card.gatewayUrl),
    id: options.id ?? labels?.id ?? await chooseId(state, publicKey),
    alias: options.alias ?? labels?.alias,
    tags: labels?.tags,
    dialect: fetched.dialect,
    // It looks our messages up by the id that our request gives us.
    knowsUsAs: fetched.dialect === "0.2" ? ownPeer(node).id : undefined,
    status: "pending",
    requestedAt: before?.status === "pending" ? before.requestedAt : node.now().toISOString(),
  };
  await state.audit.decision({
    event: "ogp.federation.requested",
    peer: request.id,
    name: displayName,
    gateway_url: gatewayUrl,
    public_key: publicKey,
  });
  await state.requestsOut.put(name, request);
  if (peer && options.id !== undefined) {
    await state.peers.update(name, (record) => record && { ...record, id: request.id });
  }
  if (peer && options.alias !== undefined) {
    await state.peers.update(name, (record) => record && { ...record, alias: request.alias });
  }
  return request;
}

async function post(
  node: OgpNode,
  request: OutgoingRequest,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { gatewayUrl } = request;
  const outcome = await postFederation(gatewayUrl, "/federation/request", await requestBody(node), {
    signal,
  });
  const again = `ask again: mesh ogp federation request ${gatewayUrl}`;
  switch (outcome.kind) {
    case "accepted": {
      const status = (outcome.answer as { status?: unknown }).status;
      return status === "already-pending-or-approved" ? status : "pending";
    }
    case "refused":
      throw new MeshError("refused", `The gateway refused our request: ${outcome.reason}`, {
        hint: again,
      });
    case "retry":
      throw new MeshError(
        "unavailable",
        `The gateway did not take our request: ${outcome.reason}`,
        {
          hint: again,
          ...(outcome.retryAfter === undefined ? {} : { retryAfter: outcome.retryAfter }),
        },
      );
  }
}

/** The signature is over `payloadStr`, which 0.7 checks; the flat `peer` is what 0.2 reads. */
async function requestBody(node: OgpNode): Promise<Record<string, unknown>> {
  const peer = ownPeer(node);
  const timestamp = node.now().toISOString();
  const offeredIntents = await intentNames(node.state);
  const payloadStr = JSON.stringify({ peer, offeredIntents, timestamp });
  return { payloadStr, signature: signText(node.privateKey, payloadStr), peer };
}
