/**
 * What a gateway says about itself.
 *
 * @module
 */
import type { Json } from "./http.ts";
import { verifyText } from "./keys.ts";
import { ALL_INTENTS } from "./doorman.ts";
import { moment } from "./bodies.ts";
import { isFresh, type State } from "./state.ts";
import type { Incoming } from "./surface.ts";

/**
 * `GET /.well-known/ogp`.
 *
 * @param state The gateway.
 * @param headers Of the request; a proof in them makes 0.7 tell how it sees the asking peer.
 * @returns The card.
 */
export function card(state: State, headers: Incoming["headers"] = {}): Json {
  const { dialect, displayName, email, url: gatewayUrl, keys: { publicKey } } = state.self;
  const features = ["scope-negotiation", "reply-callback"];
  if (dialect === "0.7") features.push("bidirectional-health", "multi-agent-personas");
  const endpoints = {
    request: `${gatewayUrl}/federation/request`,
    approve: `${gatewayUrl}/federation/approve`,
    message: `${gatewayUrl}/federation/message`,
    reply: `${gatewayUrl}/federation/reply/:nonce`,
  };
  const common = {
    version: dialect === "0.2" ? "0.2.0" : "0.7.2",
    displayName,
    email,
    gatewayUrl,
    publicKey,
    capabilities: { intents: ALL_INTENTS, features },
    endpoints,
  };
  if (dialect === "0.2") return common;
  const agents = [...state.personas].map((id, index) => ({
    id,
    displayName: id,
    role: index === 0 ? "primary" : "specialist",
    hookAgentId: "main",
  }));
  return { ...common, agents, ...peerStatus(state, headers) };
}

/**
 * `GET /federation/ping`.
 *
 * @param state The gateway.
 * @returns The answer's body.
 */
export function pong({ self }: State): Json {
  const { displayName, url: gatewayUrl } = self;
  return { pong: true, displayName, gatewayUrl, timestamp: moment(self) };
}

function peerStatus(state: State, headers: Incoming["headers"]): Json {
  const peerId = headers["x-ogp-peer-id"];
  const timestamp = headers["x-ogp-timestamp"];
  const peer = state.peers.sender(peerId);
  const signature = headers["x-ogp-signature"];
  if (peer?.status !== "approved" || !isFresh(state, timestamp)) return {};
  if (!verifyText(peer.publicKey, JSON.stringify({ peerId, timestamp }), signature)) return {};
  return { peerStatus: { peerId, healthy: true, healthState: null, healthCheckFailures: 0 } };
}
