/**
 * A chat that talks to a federated peer's agent: a question goes out as a message of OGP, and its reply is
 * the answer. The message's id is made of the question's, so that a question that is asked again after a
 * crash finds the message that is on its way, and the reply that has come meanwhile.
 *
 * @module
 */
import { AgentError, type AgentFailure } from "../lib/agent/agent_error.ts";
import type { Outbox } from "../lib/delivery/outbox.ts";
import { saidBy } from "../lib/agent/redact.ts";
import { isPaused } from "../lib/delivery/pause.ts";
import { codeOf, type ErrorCode, MeshError, messageOf } from "../lib/error.ts";
import type { AskPeer, PeerQuestion } from "../lib/ocg/peer_agent.ts";
import { pauseFor } from "../lib/ocg/pause_for.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import { OGP_PROTOCOL, sendOgpMessage } from "../lib/ogp/outgoing.ts";
import { type OutgoingMessage, outgoingMessageOf, type Reply } from "../lib/ogp/outgoing_record.ts";
import { findApproved } from "../lib/ogp/peers.ts";
import type { OgpPeer } from "../lib/ogp/records.ts";
import { wordsOf } from "../lib/ogp/said.ts";
import { AGENT_COMMS } from "../lib/ogp/scopes.ts";
import { signText } from "../lib/ogp/signed_text.ts";
import { peerName } from "../lib/ogp/state.ts";
import { waitForReply, type WaitTick } from "../lib/ogp/wait.ts";

/** What peers are asked with. */
export interface AskPeerParts {
  /** The root as a gateway of OGP. */
  readonly ogp: OgpNode;
  /** The root's outbox. Without a daemon that works it off, questions are still sent from here. */
  readonly outbox: Outbox;
  /** Milliseconds that a reply may take, where a question does not say. Default 5 minutes. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds after which a peer that cannot be reached is not waited for. Default 20,000. */
  readonly reachMs?: number | undefined;
}

/** What of a question that could not be asked is the peer's or the network's; all else needs the owner. */
const FAILURES: Readonly<Partial<Record<ErrorCode, AgentFailure>>> = {
  rate_limited: "busy",
  too_large: "rejected",
  malformed: "rejected",
  refused: "rejected",
  not_found: "misconfigured",
  ambiguous: "misconfigured",
  not_trusted: "misconfigured",
};

/** What the message's receipt says if nobody waits for its reply any more. */
const WITHDRAWN = "The peer could not be reached while the chat waited";

/** Milliseconds between looks whether an attempt has ended. */
const BUSY_PAUSE = 500;

/**
 * Asks peers.
 *
 * @param parts What with.
 * @returns Asks; what it throws is an `AgentError`.
 */
export function askPeerOf(parts: AskPeerParts): AskPeer {
  return async (question) => {
    try {
      return await new Asking(parts, question).run();
    } catch (error) {
      if (error instanceof AgentError) throw error;
      const isOurs = messageOf(error).includes(WITHDRAWN);
      const failure = isOurs ? "unreachable" : FAILURES[codeOf(error)];
      if (!failure) throw error;
      const { retryAfter } = error as MeshError;
      throw new AgentError(failure, messageOf(error), { cause: error, retryAfter });
    }
  };
}

/** One question. */
class Asking {
  readonly #node: OgpNode;
  readonly #outbox: Outbox;
  readonly #question: PeerQuestion;
  readonly #timeoutMs: number;
  readonly #reachMs: number;

  constructor(
    { ogp, outbox, timeoutMs = 300_000, reachMs = 20_000 }: AskPeerParts,
    question: PeerQuestion,
  ) {
    this.#node = ogp;
    this.#outbox = outbox;
    this.#question = question;
    this.#timeoutMs = question.timeoutMs ?? timeoutMs;
    this.#reachMs = reachMs;
  }

  async run(): Promise<string> {
    const peer = await findApproved(this.#node.state, this.#question.peer);
    const nonce = await this.#nonce(peer);
    const known = await this.#read(nonce);
    if (known) await this.#requeue(known, peer);
    else await this.#send(nonce, peer);
    return textOf(await this.#wait(nonce, peer), peer);
  }

  /** Whoever knows a message's id can fetch its reply, so that nobody can work it out but us. */
  async #nonce({ publicKey }: OgpPeer): Promise<string> {
    const { session, topic, id } = this.#question;
    if (id === undefined) return crypto.randomUUID();
    return await secretId(this.#node, ["question", publicKey, topic, session, id]);
  }

  async #send(nonce: string, peer: OgpPeer): Promise<void> {
    if (await isPaused(this.#node.state.store)) {
      throw new AgentError("unreachable", "Everything outgoing is paused");
    }
    const { topic, text, session, signal } = this.#question;
    const options = {
      intent: AGENT_COMMS,
      payload: { topic, message: text.toWellFormed(), priority: "normal" },
      // The peer's agent keeps conversations apart by it, and learns nothing of the chat.
      conversationId: await secretId(this.#node, ["conversation", peer.publicKey, topic, session]),
      nonce,
      signal,
    };
    try {
      await sendOgpMessage(this.#node, this.#outbox, peer, options);
    } catch (error) {
      // Somebody else on this root has just asked the same.
      if (codeOf(error) !== "exists") throw error;
    }
  }

  /** A crash came between the message and its entry in the outbox. */
  async #requeue({ nonce, receipt, to }: OutgoingMessage, peer: OgpPeer): Promise<void> {
    const { entries, failed } = this.#outbox;
    if (receipt.state !== "queued" || to !== peer.publicKey) return;
    if (await entries.has(nonce) || await failed.has(nonce)) return;
    await this.#outbox.add(nonce, OGP_PROTOCOL, peerName(peer.publicKey));
  }

  async #wait(nonce: string, peer: OgpPeer): Promise<Reply> {
    const { signal } = this.#question;
    const began = performance.now();
    const lost = new AbortController();
    const onTick = ({ state, elapsedMs }: WaitTick) => {
      if (state === "queued" && elapsedMs >= this.#reachMs) lost.abort();
    };
    for (const giveUp of [AbortSignal.any([signal, lost.signal]), signal]) {
      const reply = await waitForReply(this.#node, nonce, {
        timeoutMs: Math.max(0, this.#timeoutMs - (performance.now() - began)),
        signal: giveUp,
        onTick,
        outbox: this.#outbox,
      });
      if (reply) return reply;
      if (signal.aborted) throw new AgentError("interrupted", "The answer was interrupted");
      await this.#withdraw(nonce, peer);
      // It got through in the last moment.
      if (!lost.signal.aborted) break;
    }
    const seconds = this.#timeoutMs / 1000;
    const sentence = `Peer "${nameOf(peer)}" did not reply to ${nonce} within ${seconds} s`;
    throw new AgentError("timeout", sentence);
  }

  /** A question that nobody waits for is not asked later: throws if it was still on its way. */
  async #withdraw(nonce: string, peer: OgpPeer): Promise<void> {
    for (;;) {
      const message = await this.#read(nonce);
      if (message?.receipt.state !== "queued") return;
      const entry = await this.#outbox.entries.get(nonce);
      const dropped = await this.#outbox.drop(nonce, WITHDRAWN);
      if (dropped !== "busy") {
        const reason = entry?.last_error?.reason ?? "it was not tried";
        const sentence = `Peer "${nameOf(peer)}" cannot be reached: ${reason}`;
        throw new AgentError("unreachable", sentence);
      }
      // An attempt is under way; it ends by itself.
      await pauseFor(BUSY_PAUSE, this.#question.signal);
      this.#question.signal.throwIfAborted();
    }
  }

  async #read(nonce: string): Promise<OutgoingMessage | undefined> {
    const record = await this.#node.state.messagesOut.get(nonce);
    return record && outgoingMessageOf(nonce, record);
  }
}

/** An id that says nothing to anybody without our key, and that we make again of the same. */
async function secretId({ privateKey }: OgpNode, parts: readonly string[]): Promise<string> {
  // No text of a protocol begins like this, so that the signature could not be used as one.
  const signature = signText(privateKey, `mesh ocg ${JSON.stringify(parts)}`);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(signature));
  return `ocg-${new Uint8Array(digest).toHex().slice(0, 40)}`;
}

function textOf({ success, data, error }: Reply, peer: OgpPeer): string {
  const said = success ? data : error ?? data;
  const words = wordsOf(said) ?? (said === undefined ? "" : JSON.stringify(said, null, 2));
  if (success) return words;
  const reason = words === "" ? "no reason given" : saidBy(words);
  throw new AgentError("failed", `Peer "${nameOf(peer)}" replied that it failed: ${reason}`);
}

function nameOf({ alias, displayName }: OgpPeer): string {
  return alias ?? displayName;
}
