/**
 * A node of Agent Mesh V1 for other programs: the same steps that the commands take, as one object.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { Attempt } from "../delivery/outbox.ts";
import type { AgentCard } from "./card.ts";
import { listContacts, type StoredContact } from "./contacts.ts";
import { approveContact, type ApproveOptions, rejectContact, removePeer } from "./decisions.ts";
import { initIdentity, type InitOptions } from "./identity.ts";
import { type InboxFilter, readInbox, type StoredMessage } from "./inbox.ts";
import { createMessage } from "./messages.ts";
import { type MeshNode, type MeshNodeOptions, openMeshNode } from "./node.ts";
import { meshOutbox, sendMessage } from "./outgoing.ts";
import { findPeer, listPeers, peerSafetyNumber } from "./peers.ts";
import type { Peer } from "./records.ts";
import { sendContactRequest, type SentRequest } from "./requests.ts";
import { probe } from "./scan/probe.ts";
import { openMeshState } from "./state.ts";

/** How to create a node. */
export interface CreateOptions extends Omit<InitOptions, "now">, MeshNodeOptions {}

/** How to ask for a card. */
export interface DiscoverOptions {
  /** Milliseconds to wait for it. Default 5,000. */
  readonly timeoutMs?: number;
}

/**
 * A node that finds, asks, approves, sends and reads. It shares its state directory with the commands,
 * with daemons and with other clients.
 *
 * @example
 * ```ts
 * import { MeshClient } from "./client.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const client = await MeshClient.create(root, {
 *   agentId: "stan",
 *   endpoint: "http://192.168.1.20:8787",
 * });
 * assertEquals(client.card.agent_id, "stan");
 * assertEquals(await client.messages(), []);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class MeshClient {
  readonly #node: MeshNode;

  private constructor(node: MeshNode) {
    this.#node = node;
  }

  /**
   * Opens the node in a state directory.
   *
   * @param root The directory, such as `~/.openclaw/agent-mesh`, as an absolute path.
   * @param options Clock, and where damaged records are reported.
   * @returns The node.
   * @throws {MeshError} `not_initialized`, `insecure_mode`, `damaged`.
   */
  static async open(root: string, options: MeshNodeOptions = {}): Promise<MeshClient> {
    return new MeshClient(await openMeshNode(root, options));
  }

  /**
   * Makes an identity in a state directory and opens it.
   *
   * @param root The directory; created if missing.
   * @param options Names, endpoint, and what {@link MeshClient.open} takes.
   * @returns The node.
   * @throws {MeshError} `exists` if there is an identity and `force` is not set.
   */
  static async create(root: string, options: CreateOptions): Promise<MeshClient> {
    const { now, ...init } = options;
    await initIdentity(openMeshState(root, options), { ...init, ...(now ? { now: now() } : {}) });
    return await MeshClient.open(root, options);
  }

  /** What others see of this node. */
  get card(): AgentCard {
    return this.#node.identity.card;
  }

  /**
   * Asks a node for its card. The card proves nothing: compare its fingerprint with its owner.
   *
   * @param url The node's base URL.
   * @param options How long to wait.
   * @returns The card.
   * @throws {MeshError} `unavailable` if no node answers there.
   */
  async discover(url: string, options: DiscoverOptions = {}): Promise<AgentCard> {
    const target = { url: url.replace(/\/+$/, ""), explicit: true, source: url };
    const found = await probe(target, { timeoutMs: options.timeoutMs ?? 5000 });
    if (found.ok) return found.card;
    throw new MeshError("unavailable", `No node answers at ${url}: ${found.error}`);
  }

  /**
   * Asks a node for contact.
   *
   * @param url The node's base URL.
   * @param purpose Why, for its owner.
   * @returns The request and the answer.
   * @throws {MeshError} `unavailable`, `timeout` or `refused`.
   */
  async requestContact(url: string, purpose?: string): Promise<SentRequest> {
    const card = await this.discover(url);
    return await sendContactRequest(this.#node, url, {
      card,
      ...(purpose === undefined ? {} : { purpose }),
    });
  }

  /**
   * The contact requests on record.
   *
   * @returns The requests, oldest first, approved ones included.
   */
  async requests(): Promise<StoredContact[]> {
    return await listContacts(this.#node);
  }

  /**
   * Approves a contact request. This is a person's decision: ask one.
   *
   * @param selector The request's id, the beginning of one, or the agent's id.
   * @param options Another endpoint than the one that the request names.
   * @returns The peer.
   * @throws {MeshError} `not_found`, `ambiguous`, `key_changed`, `exists`, or why the request is unsound.
   */
  async approve(selector: string, options: ApproveOptions = {}): Promise<Peer> {
    return await approveContact(this.#node, selector, options);
  }

  /**
   * Rejects a contact request.
   *
   * @param selector As in {@link MeshClient.approve}.
   * @throws {MeshError} `not_found`, `ambiguous`, `exists` if it was approved before.
   */
  async reject(selector: string): Promise<void> {
    await rejectContact(this.#node, selector);
  }

  /**
   * The agents that are trusted.
   *
   * @returns The peers by agent id.
   */
  async peers(): Promise<Peer[]> {
    return await listPeers(this.#node.state);
  }

  /**
   * Ends the trust in an agent.
   *
   * @param selector The agent's id, the beginning of one, or its name.
   * @throws {MeshError} `not_found` or `ambiguous`.
   */
  async removePeer(selector: string): Promise<void> {
    const { agent_id } = await findPeer(this.#node.state, selector);
    await removePeer(this.#node, agent_id);
  }

  /**
   * The number to compare with a peer's owner.
   *
   * @param selector The agent's id, the beginning of one, or its name.
   * @returns 60 digits in groups of five.
   * @throws {MeshError} `not_found` or `ambiguous`.
   */
  async safetyNumber(selector: string): Promise<string> {
    return peerSafetyNumber(this.#node, await findPeer(this.#node.state, selector));
  }

  /**
   * Writes to a trusted agent: stored first, then sent. What cannot be delivered now stays queued for the
   * daemon.
   *
   * @param to The agent's id, the beginning of one, or its name.
   * @param text What to say.
   * @returns What came of it; its `state` is the receipt.
   * @throws {MeshError} `not_found` or `ambiguous`; `disk_full` or `io` if it could not even be stored.
   */
  async send(to: string, text: string): Promise<Attempt> {
    const { agent_id } = await findPeer(this.#node.state, to);
    return await sendMessage(
      this.#node,
      meshOutbox(this.#node),
      createMessage(this.#node, agent_id, text),
    );
  }

  /**
   * The messages that were received.
   *
   * @param filter Which ones.
   * @returns The messages, oldest first.
   */
  async messages(filter: InboxFilter = {}): Promise<StoredMessage[]> {
    return await readInbox(this.#node.state, filter);
  }
}
