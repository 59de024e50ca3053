/**
 * What members and authors are called on the wire: host and port for a gateway of OGP 0.2, the beginning
 * of the key for one of 0.7; the whole key wherever that would not tell two apart.
 *
 * @module
 */
import { ownNames, peerAddress } from "../addressing.ts";
import { ownKey } from "../card.ts";
import { hostPort, ID_DIGITS, keyId } from "../names.ts";
import type { OgpNode } from "../node.ts";
import type { OgpPeer } from "../records.ts";
import { isKey } from "./contribution_name.ts";

/** The names that one peer has for a number of authors. */
export class WireNames {
  readonly #names = new Map<string, string>();

  private constructor(names: Iterable<readonly [author: string, name: string]>) {
    const all = [...names];
    const owners = new Map<string, number>();
    for (const [, name] of all) owners.set(name, (owners.get(name) ?? 0) + 1);
    for (const [author, name] of all) {
      this.#names.set(author, owners.get(name) === 1 ? name : author);
    }
  }

  /**
   * Names for a peer to read.
   *
   * @param node This gateway.
   * @param viewer The peer.
   * @param authors Keys as DER, or other programs' names for authors.
   * @returns The names.
   */
  static async for(
    node: OgpNode,
    viewer: OgpPeer,
    authors: Iterable<string>,
  ): Promise<WireNames> {
    const names = [...new Set(authors)].map(async (author) =>
      [author, await nameOnWire(node, viewer, author)] as const
    );
    return new WireNames(await Promise.all(names));
  }

  /**
   * The name of an author.
   *
   * @param author One of those that the names are for.
   * @returns The name.
   */
  of(author: string): string {
    return this.#names.get(author) ?? author;
  }

  /**
   * Whom a name means.
   *
   * @param name A name as received: one of these, or the beginning of a key (32 digits or more).
   * @returns The authors; `[name]` if none of them is known by it.
   */
  meant(name: string): string[] {
    const wanted = name.toLowerCase();
    const byKey = (author: string) =>
      isKey(author) && wanted.length >= ID_DIGITS && author.startsWith(wanted);
    const found = [...this.#names].filter(([author, its]) =>
      its.toLowerCase() === wanted || byKey(author)
    );
    return found.length > 0 ? found.map(([author]) => author) : [name];
  }
}

/**
 * What a peer calls an author.
 *
 * @param node This gateway.
 * @param viewer The peer.
 * @param author A key as DER, or another program's name for the author.
 * @returns The name; it may be another one's as well.
 */
export async function nameOnWire(
  node: OgpNode,
  viewer: OgpPeer,
  author: string,
): Promise<string> {
  if (!isKey(author)) return author;
  if (author === ownKey(node)) return ownNames(node, viewer)[0] ?? keyId(author);
  if (author === viewer.publicKey) return peerAddress(viewer);
  if (viewer.dialect !== "0.2") return keyId(author);
  const peer = await node.index.get(author);
  return peer ? hostPort(peer.gatewayUrl) : keyId(author);
}
