/**
 * A federated peer as the agent of a chat. How peers are asked is not known here: whoever runs the gateway
 * passes that in.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { ChatAgent } from "./chat_agent.ts";

/** A question for a peer. */
export interface PeerQuestion {
  /** The peer, as the owner calls it. */
  readonly peer: string;
  /** The topic. */
  readonly topic: string;
  /** What is asked. */
  readonly text: string;
  /** The conversation's name. */
  readonly session: string;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/**
 * Asks a peer and waits for its reply.
 *
 * @param question What, and whom.
 * @returns The reply.
 */
export type AskPeer = (question: PeerQuestion) => Promise<string>;

/**
 * The agent behind `ogp:<peer>/<topic>`.
 *
 * @param url The URL as configured.
 * @param askPeer Asks.
 * @returns The agent. It is told the last message only: what was said before, the peer knows.
 * @throws {MeshError} `config_invalid` if the URL names no peer or no topic.
 */
export function peerAgent(url: string, askPeer: AskPeer): ChatAgent {
  const [, peer, topic] = /^ogp:([^/]+)\/(.+)$/.exec(url) ?? [];
  if (peer === undefined || topic === undefined) {
    throw new MeshError("config_invalid", `"${url}" is not ogp:<peer>/<topic>`);
  }
  return {
    async ask({ messages, session }, { signal }) {
      const reply = await askPeer({
        peer,
        topic,
        text: messages.at(-1)?.content ?? "",
        session,
        signal,
      });
      const text = reply.toWellFormed().trim();
      if (text === "") throw new MeshError("malformed", `Peer "${peer}" replied without any text`);
      return { text };
    },
  };
}
