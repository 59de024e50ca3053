/**
 * The keys of peers. Reading a key is strict and costs a third of a verification, and each message needs
 * its sender's.
 *
 * @module
 */
import { parsePublicKeyPem, type PublicKey } from "../identity/keys.ts";
import { Lru } from "../signing/lru.ts";
import type { Peer } from "./records.ts";

const keys = new Lru<string, PublicKey>(4096);

/**
 * The key of a peer, read from the record's own text.
 *
 * @param peer The peer, as stored now.
 * @returns Its key.
 * @throws {MeshError} `bad_key` if the record holds none.
 */
export function peerKey({ public_key }: Pick<Peer, "public_key">): PublicKey {
  let key = keys.get(public_key);
  if (key === undefined) {
    key = parsePublicKeyPem(public_key);
    keys.set(public_key, key);
  }
  return key;
}
