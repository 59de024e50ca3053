/**
 * A federated peer as the agent of a chat. How peers are asked is not known here: whoever runs the gateway
 * passes that in.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { AgentLimits, ChatAgent } from "./chat_agent.ts";

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
  /** The message's id in its conversation, the same when it is asked again after a crash. */
  readonly id?: string | undefined;
  /** Milliseconds that the reply may take. */
  readonly timeoutMs?: number | undefined;
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
 * @param limits How long a reply may take, if not as long as who asks finds right.
 * @returns The agent. It is told the last message only: what was said before, the peer knows.
 * @throws {MeshError} `config_invalid` if the URL names no peer or no topic.
 */
export function peerAgent(
  url: string,
  askPeer: AskPeer,
  limits: Partial<Pick<AgentLimits, "timeoutMs">> = {},
): ChatAgent {
  const [, peer, topic] = /^ogp:([^/]+)\/(.+)$/.exec(url) ?? [];
  if (peer === undefined || topic === undefined) {
    throw new MeshError("config_invalid", `"${url}" is not ogp:<peer>/<topic>`);
  }
  return {
    async ask({ messages, session, id }, { signal }) {
      const reply = await askPeer({
        peer,
        topic,
        text: messages.at(-1)?.content ?? "",
        session,
        id,
        timeoutMs: limits.timeoutMs,
        signal,
      });
      const text = reply.toWellFormed().trim();
      if (text === "") throw new MeshError("malformed", `Peer "${peer}" replied without any text`);
      return { text };
    },
  };
}
