/**
 * Members and authors as people know them.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { ownNames } from "../../../lib/ogp/addressing.ts";
import { ownKey } from "../../../lib/ogp/card.ts";
import { hostPort, keyId } from "../../../lib/ogp/names.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import { type Federation, findFederation, listFederation } from "../../../lib/ogp/peers.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { safeText } from "../../terminal.ts";
import { peerLabel } from "../federation/peer_words.ts";

/** What the owner types to mean our own gateway. */
const ME = ["me", "us", "self"];

/** The gateways that are known, to name authors by. */
export class Who {
  readonly #node: OgpNode;
  readonly #known: ReadonlyMap<string, Federation>;

  private constructor(node: OgpNode, known: readonly Federation[]) {
    this.#node = node;
    this.#known = new Map(known.map((one) => [one.publicKey, one]));
  }

  /**
   * Reads who is known.
   *
   * @param node The gateway.
   * @returns The names.
   */
  static async known(node: OgpNode): Promise<Who> {
    return new Who(node, await listFederation(node.state));
  }

  /**
   * An author for people.
   *
   * @param author A key as DER, or another program's word.
   * @returns One line, safe to print; `you` for our own gateway.
   */
  label(author: string): string {
    if (this.#isOwn(author)) return "you";
    const known = this.#known.get(author);
    return known ? peerLabel(known) : safeText(author.slice(0, 60));
  }

  /**
   * An author's name for programs.
   *
   * @param author A key as DER, or another program's word.
   * @returns The name of its gateway, or the word.
   */
  name(author: string): string {
    if (this.#isOwn(author)) return this.#node.displayName;
    const known = this.#known.get(author);
    return known?.alias ?? known?.displayName ?? author;
  }

  /**
   * An author for programs.
   *
   * @param author A key as DER, or another program's word.
   * @returns The id that commands take.
   */
  id(author: string): string {
    if (this.#isOwn(author)) return keyId(author);
    return this.#known.get(author)?.id ?? author;
  }

  /**
   * A member for programs.
   *
   * @param publicKey Its key as DER.
   * @returns What identifies it.
   */
  document(publicKey: string): Record<string, unknown> {
    const known = this.#known.get(publicKey);
    const isOwn = this.#isOwn(publicKey);
    return {
      id: this.id(publicKey),
      alias: known?.alias ?? null,
      displayName: isOwn ? this.#node.displayName : known?.displayName ?? null,
      publicKey,
      ...(isOwn ? { self: true } : { status: known?.status ?? null }),
    };
  }

  /**
   * Whom a peer means by a name in its answer.
   *
   * @param name The name.
   * @param teller The peer.
   * @returns A key as DER if the name tells only one, else the name as it is.
   */
  told(name: string, teller: OgpPeer): string {
    const wanted = name.toLowerCase();
    const own = ownKey(this.#node);
    if (
      own === wanted || ownNames(this.#node, teller).some((one) => one.toLowerCase() === wanted)
    ) {
      return own;
    }
    const fits = [...this.#known.values()].filter(({ publicKey, gatewayUrl, status }) =>
      status === "approved" &&
      (publicKey === wanted || keyId(publicKey) === wanted || hostPort(gatewayUrl) === wanted)
    );
    return fits.length === 1 && fits[0] ? fits[0].publicKey : name;
  }

  /**
   * Whom the owner means by an author.
   *
   * @param typed `me`, or what `findFederation` takes, or the word that another program had for an author.
   * @returns A key as DER, or the word.
   * @throws {MeshError} `ambiguous`.
   */
  async author(typed: string): Promise<string> {
    if (ME.includes(typed.toLowerCase())) return ownKey(this.#node);
    if (typed.length >= 32 && ownKey(this.#node).startsWith(typed.toLowerCase())) {
      return ownKey(this.#node);
    }
    try {
      return (await findFederation(this.#node.state, typed)).publicKey;
    } catch (error) {
      if (error instanceof MeshError && error.code === "not_found") return typed;
      throw error;
    }
  }

  #isOwn(author: string): boolean {
    return author === ownKey(this.#node);
  }
}
