/**
 * A small OGP gateway for tests, a second implementation of both dialects, written from the protocol's
 * description and recorded exchanges over `node:crypto` and `node:http` alone. It behaves as the originals
 * do, holes included, in both roles; and it misbehaves when told to.
 *
 * @module
 */
import * as bodies from "./bodies.ts";
import { card, pong } from "./card.ts";
import { ALL_INTENTS, grantsFor, type ScopeGrants } from "./doorman.ts";
import * as federating from "./federating.ts";
import { type Answer, call, type Json } from "./http.ts";
import { hostId, keyId, type KeyPair, makeKeys } from "./keys.ts";
import * as messaging from "./messaging.ts";
import type { Dialect, Peer } from "./peers.ts";
import { type Agent, State, type Taken } from "./state.ts";
import { type Exchange, type Incoming, type Mischief, page, Surface } from "./surface.ts";
import type { Outgoing } from "./surface.ts";

/** What a gateway starts with. */
export interface GatewayOptions {
  readonly dialect: Dialect;
  readonly displayName: string;
  /** Any free one by default. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** New ones by default. */
  readonly keys?: KeyPair;
  /** Where it says that it is reached; where it listens by default. */
  readonly url?: string;
  /** Milliseconds since 1970; the system's clock by default. */
  readonly clock?: () => number;
}

/**
 * How an agent's replies get back: called back before the message is answered, as 0.7 does it, or after, or
 * left to be polled. What cannot be called back is left to be polled, too.
 */
export type ReplyWay = "callback-first" | "callback" | "poll";

/** How long to wait for something, in milliseconds. */
const PATIENCE = 10_000;

/** A running gateway. Dispose of it: it stops. */
export class Gateway implements AsyncDisposable {
  /** Its key, name and dialect. */
  readonly self: bodies.Self;
  /** How it misbehaves; not at all by default. */
  mischief: (request: Incoming) => Mischief | undefined = () => undefined;
  /** What its agent says to agent-comms messages; nothing by default. */
  agent: Agent = () => undefined;
  /** How the agent's replies get back. */
  replyWay: ReplyWay = "callback";
  readonly #surface: Surface;
  readonly #state: State;
  readonly #background = new Set<Promise<unknown>>();

  private constructor(surface: Surface, state: State) {
    this.#surface = surface;
    this.#state = state;
    this.self = state.self;
  }

  /** Starts one; {@link startGateway}. */
  static async start(options: GatewayOptions): Promise<Gateway> {
    const { dialect, displayName, host = "127.0.0.1", port = 0, keys = makeKeys() } = options;
    const late: { gateway?: Gateway } = {};
    const surface = new Surface({
      host,
      port,
      handle: (request) => late.gateway?.answer(request) ?? page(503, "Starting"),
      mischief: (request) => late.gateway?.mischief(request),
    });
    await surface.start();
    const { url = `http://${host}:${surface.port}`, clock = Date.now } = options;
    const email = `${displayName.toLowerCase()}@example.test`;
    const state = new State({ dialect, keys, url, displayName, email, clock });
    if (dialect === "0.7") state.personas.add(`${displayName.toLowerCase()}-agent`);
    return late.gateway = new Gateway(surface, state);
  }

  /** Where it is reached. */
  get url(): string {
    return this.self.url;
  }

  /** Its public key. */
  get publicKey(): string {
    return this.self.keys.publicKey;
  }

  /** What it calls itself. */
  get id(): string {
    return bodies.ownId(this.self);
  }

  /** What it shows about itself. */
  get card(): Json {
    return card(this.#state);
  }

  /** Whom it knows. */
  get peers(): readonly Peer[] {
    return this.#state.peers.all;
  }

  /** The messages that it took in, repetitions included. */
  get taken(): readonly Taken[] {
    return this.#state.taken;
  }

  /** Personas that messages may be addressed to, 0.7 only. */
  get personas(): Set<string> {
    return this.#state.personas;
  }

  /** Adds somebody whom it knows from before. */
  know(peer: Peer): Peer {
    return this.#state.peers.put({ ...peer });
  }

  /** All requests that it saw. */
  get exchanges(): readonly Exchange[] {
    return this.#surface.exchanges;
  }

  /** Topics whose policy is `off`. */
  get closedTopics(): Set<string> {
    return this.#state.closedTopics;
  }

  /** Listens again after {@link Gateway.stop}. */
  async restart(): Promise<void> {
    await this.#surface.start();
  }

  /** Is not there any more; what it knows stays. */
  async stop(): Promise<void> {
    await this.#surface.stop();
    await Promise.allSettled(this.#background);
  }

  /** The peer with a key, or at a URL. */
  peer(keyOrUrl: string): Peer {
    const { peers } = this.#state;
    const found = peers.withKey(keyOrUrl) ?? peers.at(keyOrUrl);
    if (!found) throw new Error(`${this.self.displayName} knows nobody at "${keyOrUrl}"`);
    return found;
  }

  /** The requests for a path that it saw, a bare beginning such as `/federation/reply/` included. */
  seen(path: string): Exchange[] {
    return this.exchanges.filter((each) =>
      path.endsWith("/") ? each.path.startsWith(path) : each.path === path
    );
  }

  /** Waits until something is so. */
  async until<T>(what: string, look: () => T | undefined | false, patience = PATIENCE): Promise<T> {
    const deadline = performance.now() + patience;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > deadline) throw new Error(`${what} did not come in ${patience} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Asks a gateway, under the key that its card shows. */
  async request(url: string, change?: (claim: Json) => void): Promise<Answer> {
    const { json: theirs } = await call(`${url}/.well-known/ogp`);
    const answered = await this.post(
      `${url}/federation/request`,
      bodies.requestBody(this.self, change),
    );
    if (answered.status !== 200) return answered;
    const { displayName, email, gatewayUrl, publicKey } = theirs;
    const id = this.self.dialect === "0.2" ? hostId(url) : keyId(publicKey);
    this.#state.peers.put({
      ...{ id, displayName, email, gatewayUrl, publicKey },
      ...{ status: "pending", asked: "us" },
    });
    return answered;
  }

  /** Approves a peer that asked. */
  async approve(
    peer: Peer,
    options: { scopeGrants?: ScopeGrants; change?: (fields: Json) => void } = {},
  ): Promise<Answer> {
    const offered = peer.offeredIntents?.filter((intent) => ALL_INTENTS.includes(intent));
    peer.grants = options.scopeGrants ?? grantsFor(offered);
    peer.status = "approved";
    const body = bodies.approvalBody(this.self, peer.id, peer.grants, options.change);
    return await this.post(`${peer.gatewayUrl}/federation/approve`, body);
  }

  /** Rejects a peer that asked: unsigned in both dialects. */
  async reject(peer: Peer): Promise<Answer> {
    peer.status = "rejected";
    const body = { peerId: peer.id, approved: false };
    return await this.post(`${peer.gatewayUrl}/federation/approve`, body);
  }

  /** Changes what a peer may do, and tells it nothing, as the originals do. */
  grant(peer: Peer, scopeGrants: ScopeGrants): void {
    peer.grants = scopeGrants;
  }

  /** Makes a message's body, to be posted by somebody, some time. */
  message(peer: Peer, intent: string, payload: Json, options?: bodies.MessageOptions): Json {
    return bodies.messageBody(this.self, peer.id, intent, payload, options);
  }

  /** Sends a message. */
  async sendMessage(
    peer: Peer,
    intent: string,
    payload: Json,
    options?: bodies.MessageOptions,
  ): Promise<Answer> {
    return await this.post(
      `${peer.gatewayUrl}/federation/message`,
      this.message(peer, intent, payload, options),
    );
  }

  /** Asks a peer for its reply. */
  async pollReply(peer: Peer, nonce: string): Promise<Answer> {
    return await call(`${peer.gatewayUrl}/federation/reply/${nonce}`);
  }

  /** The reply to one of its own messages that was called back, if one was. */
  reply(nonce: string): Json | undefined {
    return this.#state.replies.get(nonce);
  }

  /** Calls a reply back. */
  async postReply(
    url: string,
    peer: Peer,
    nonce: string,
    outcome: { data?: Json; error?: string },
    tamper: (body: Json) => void = () => {},
  ): Promise<Answer> {
    const body = bodies.replyBody(this.self, peer.id, nonce, outcome);
    tamper(body);
    return await this.post(url, body);
  }

  /** Leaves a reply to be polled. */
  leaveReply(nonce: string, data: Json): void {
    const timestamp = bodies.moment(this.self);
    this.#state.replies.set(nonce, { nonce, success: true, data, timestamp });
  }

  /** Ends a federation; 0.2 tells nobody. */
  async remove(peer: Peer): Promise<Answer | undefined> {
    peer.status = "removed";
    if (this.self.dialect === "0.2") return undefined;
    return await this.post(`${peer.gatewayUrl}/federation/removed`, bodies.proof(this.self));
  }

  /** Tells a peer of a new name or address, 0.7 only. */
  async updateIdentity(peer: Peer, identity: Json): Promise<Answer> {
    const body = bodies.identityBody(this.self, identity);
    return await this.post(`${peer.gatewayUrl}/federation/update-identity`, body);
  }

  /** Fetches a peer's card with the proof of who is asking, as 0.7's heartbeat does. */
  async heartbeat(peer: Peer): Promise<Answer> {
    const { peerId, timestamp, signature } = bodies.proof(this.self);
    return await call(`${peer.gatewayUrl}/.well-known/ogp`, undefined, {
      headers: {
        "x-ogp-peer-id": peerId,
        "x-ogp-timestamp": timestamp,
        "x-ogp-signature": signature,
      },
    });
  }

  /** Posts whatever it is told to. */
  async post(url: string, body: unknown): Promise<Answer> {
    return await call(url, body);
  }

  /** Where it listens. */
  get port(): number {
    return this.#surface.port;
  }

  /** Takes a body in without HTTP between. */
  async answerNow(path: string, json: Json): Promise<Outgoing> {
    return await this.answer({ method: "POST", path, headers: {}, text: "", json });
  }

  /** Answers a request as its dialect does. */
  async answer({ method, path, headers, json }: Incoming): Promise<Outgoing> {
    const state = this.#state;
    const is07 = this.self.dialect === "0.7";
    const nonce = /^\/federation\/reply\/([^/]+)$/.exec(path)?.[1];
    const route = `${method} ${path}`;
    if (nonce !== undefined && method === "GET") {
      return messaging.handOutReply(state, decodeURIComponent(nonce));
    }
    if (nonce !== undefined && method === "POST") {
      return messaging.takeReply(state, decodeURIComponent(nonce), json);
    }
    if (route === "GET /.well-known/ogp") return { status: 200, body: card(state, headers) };
    if (route === "GET /federation/ping") return { status: 200, body: pong(state) };
    if (route === "POST /federation/request") return federating.takeRequest(state, json);
    if (route === "POST /federation/approve") return this.#takeApproval(json);
    if (route === "POST /federation/message") return await this.#takeMessage(json);
    if (is07 && route === "POST /federation/removed") return federating.takeRemoval(state, json);
    if (is07 && route === "POST /federation/update-identity") {
      return federating.takeIdentity(state, json);
    }
    return page(404, `Cannot ${method} ${path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #takeApproval(body: Json): Outgoing {
    const { answer, grantBackTo: peer } = federating.takeApproval(this.#state, body);
    if (peer) {
      peer.grants ??= grantsFor();
      const grant = bodies.approvalBody(this.self, undefined, peer.grants);
      this.#later(this.post(`${peer.gatewayUrl}/federation/approve`, grant));
    }
    return answer;
  }

  async #takeMessage(body: Json): Promise<Outgoing> {
    const before = this.taken.length;
    const answer = messaging.takeMessage(this.#state, body);
    const taken = this.taken[before];
    if (taken?.message.intent !== "agent-comms") return answer;
    const data = this.agent(taken.message, taken.peer);
    if (data === undefined) return answer;
    const { nonce, replyTo } = taken.message;
    if (this.replyWay === "poll" || !replyTo) {
      this.leaveReply(nonce, data);
      return answer;
    }
    const calling = this.#callBack(replyTo, taken.peer, nonce, data);
    if (this.replyWay === "callback-first") await calling;
    else this.#later(calling);
    return answer;
  }

  /** What cannot be called back is left to be polled. */
  async #callBack(url: string, peer: Peer, nonce: string, data: Json): Promise<void> {
    const answered = await this.postReply(url, peer, nonce, { data }).catch(() => undefined);
    if (answered?.status !== 200) this.leaveReply(nonce, data);
  }

  #later(work: Promise<unknown>): void {
    const quiet = work.catch(() => {}).finally(() => this.#background.delete(quiet));
    this.#background.add(quiet);
  }
}

/**
 * Starts a gateway.
 *
 * @param options Its dialect and name.
 * @returns The gateway, listening; dispose of it.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  return await Gateway.start(options);
}
