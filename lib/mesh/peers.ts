/**
 * Looking peers up. A peer is its whole key; ids, names and prefixes only find it.
 *
 * @module
 */
import { codeOf, MeshError } from "../error.ts";
import { parsePublicKeyPem } from "../identity/keys.ts";
import { safetyNumber } from "../identity/safety_number.ts";
import { protocolTime } from "../signing/freshness.ts";
import type { MeshNode } from "./node.ts";
import type { Peer } from "./records.ts";
import type { MeshState } from "./state.ts";

/**
 * All peers.
 *
 * @param state The state directory.
 * @returns The peers by agent id.
 */
export async function listPeers(state: Pick<MeshState, "peers">): Promise<Peer[]> {
  return (await state.peers.list()).entries.map(({ value }) => value);
}

/**
 * Finds the peer that an owner means.
 *
 * @param state The state directory.
 * @param selector Its agent id, its display name, its fingerprint, its endpoint, or the beginning of one
 * of the first two.
 * @returns The peer.
 * @throws {MeshError} `not_found`, or `ambiguous` with the candidates.
 */
export async function findPeer(state: Pick<MeshState, "peers">, selector: string): Promise<Peer> {
  const exact = await peerNamed(state, selector);
  if (exact?.agent_id === selector) return exact;
  const peers = await listPeers(state);
  const wanted = selector.toLowerCase();
  const rules: ((peer: Peer) => boolean)[] = [
    (peer) => [peer.display_name, peer.fingerprint, peer.endpoint].includes(selector),
    (peer) => peer.display_name?.toLowerCase() === wanted,
    (peer) =>
      wanted !== "" &&
      [peer.agent_id, peer.display_name ?? ""].some((name) =>
        name.toLowerCase().startsWith(wanted)
      ),
  ];
  for (const rule of rules) {
    const matches = peers.filter(rule);
    const [only] = matches;
    if (matches.length === 1 && only) return only;
    if (matches.length > 1) {
      const names = matches.slice(0, 5).map(({ agent_id }) => agent_id).join(", ");
      throw new MeshError("ambiguous", `"${selector}" matches several peers: ${names}`, {
        hint: "mesh peers list",
      });
    }
  }
  throw new MeshError("not_found", `No trusted peer is called "${selector}"`, {
    hint: "mesh peers list shows them; mesh list-requests shows who asked",
  });
}

async function peerNamed(
  state: Pick<MeshState, "peers">,
  agentId: string,
): Promise<Peer | undefined> {
  try {
    return await state.peers.get(agentId);
  } catch (error) {
    // What cannot be the name of a record, such as a long URL, is no id.
    if (codeOf(error) === "malformed") return undefined;
    throw error;
  }
}

/**
 * The number that this node's owner and a peer's owner compare: the same on both sides if, and only if,
 * nobody is between them.
 *
 * @param node This node.
 * @param peer The peer.
 * @returns 60 digits in groups of five.
 */
export function peerSafetyNumber(node: MeshNode, peer: Peer): string {
  return safetyNumber(node.identity.publicKey, parsePublicKeyPem(peer.public_key));
}

/**
 * Remembers that the owners compared the number, for this very key.
 *
 * @param node This node.
 * @param peer The peer whose key was compared.
 * @returns The peer as stored.
 * @throws {MeshError} `key_changed` if the peer has another key by now.
 */
export async function markVerified(node: MeshNode, peer: Peer): Promise<Peer> {
  await node.state.audit.decision({
    event: "peer.verified",
    agent_id: peer.agent_id,
    fingerprint: peer.fingerprint,
  });
  const stored = await node.state.peers.update(peer.agent_id, (current) => {
    if (current?.public_key !== peer.public_key) return undefined;
    return { ...current, verified_at: protocolTime(node.now()) };
  });
  if (stored?.public_key === peer.public_key) return stored;
  throw new MeshError(
    "key_changed",
    `"${peer.agent_id}" is not the peer that was compared any more`,
  );
}
