/**
 * The peers of OGP's own program: which of them can be taken, and as what.
 *
 * @module
 */
import { codeOf, MeshError, messageOf } from "../../error.ts";
import { isObject, readJson, textOf } from "./document.ts";
import { FILES, type Finding } from "./finding.ts";
import { type ImportedPeer, readPeer } from "./peer.ts";

/** What a list of peers gives us. */
export interface ImportedPeers {
  /** Those that can be taken, each key once. */
  readonly peers: readonly ImportedPeer[];
  /** Those that cannot, with the reason. */
  readonly findings: readonly Finding[];
}

/** What peers are judged by. */
export interface PeersContext {
  /** Our own key as DER, if there is one. */
  readonly ownKey?: string | undefined;
  /** The present, for what has no time of its own. */
  readonly now: Date;
}

/** Which of two entries with one key counts: the one that stands higher. */
const RANK = ["approved", "pending", "removed", "rejected"];

/** Most peers that a file may hold. */
const MOST = 10_000;

/**
 * Reads a list of peers.
 *
 * @param file The text of `peers.json`.
 * @param context What they are judged by.
 * @returns Those that can be taken, and why the others cannot.
 * @throws {MeshError} `invalid_json` or `malformed` if the file is damaged, `too_large`.
 */
export function readPeers(file: string, { ownKey, now }: PeersContext): ImportedPeers {
  const findings: Finding[] = [];
  const byKey = new Map<string, ImportedPeer>();
  for (const [i, entry] of entriesOf(readJson(file)).entries()) {
    const item = nameOf(entry) ?? `number ${i + 1}`;
    const refuse = (detail: string) =>
      findings.push({ file: FILES.peers, item, fate: "refused", detail });
    try {
      const peer = readPeer(entry, now);
      const { publicKey } = peer.record;
      const other = byKey.get(publicKey);
      if (publicKey === ownKey) refuse("It has this gateway's own key");
      else if (!other) byKey.set(publicKey, peer);
      else if (rank(peer) < rank(other)) {
        byKey.set(publicKey, peer);
        findings.push({ ...twin(other, peer), file: FILES.peers, fate: "refused" });
      } else findings.push({ ...twin(peer, other), file: FILES.peers, fate: "refused" });
    } catch (error) {
      if (codeOf(error) === "unexpected") throw error;
      refuse(messageOf(error));
    }
  }
  return { peers: [...byKey.values()], findings };
}

function rank({ status }: ImportedPeer): number {
  return RANK.indexOf(status);
}

function twin(refused: ImportedPeer, taken: ImportedPeer): { item: string; detail: string } {
  return {
    item: refused.name,
    detail:
      `It has the same key as "${taken.name}" (${taken.status}), which is the one that counts`,
  };
}

/** An array; what else it may have been in another version has the peers as its values. */
function entriesOf(value: unknown): readonly unknown[] {
  const list = Array.isArray(value)
    ? value
    : isObject(value)
    ? Array.isArray(value.peers) ? value.peers : Object.values(value)
    : undefined;
  if (!list) throw new MeshError("malformed", "It is damaged: not a list of peers");
  if (list.length <= MOST) return list;
  throw new MeshError("too_large", `It holds more than ${MOST} peers`);
}

function nameOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined;
  const { alias, petname, displayName, id, gatewayUrl } = entry;
  return [alias, petname, displayName, id, gatewayUrl].map(textOf).find((name) =>
    name !== undefined
  )?.slice(0, 100);
}
