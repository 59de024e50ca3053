/**
 * Messages and replies, as each original takes them: no look at nonces, timestamps or addressees, and a
 * signature over one text while another one is acted on.
 *
 * @module
 */
import { ALL_INTENTS } from "./doorman.ts";
import type { Json } from "./http.ts";
import { signText, verifyText } from "./keys.ts";
import type { Peer } from "./peers.ts";
import { moment } from "./bodies.ts";
import { answer, type State } from "./state.ts";
import type { Outgoing } from "./surface.ts";

/** The seconds after which trying again makes sense, and what belongs to a signed rejection. */
interface RefusalDetails {
  readonly retryAfter?: number | undefined;
  readonly response?: Json;
}

/**
 * `POST /federation/message`. What is let in ends in the state's `taken`.
 *
 * @param state The gateway.
 * @param body What came.
 * @returns The answer.
 */
export function takeMessage(state: State, body: Json): Outgoing {
  const { message, messageStr, signature } = body;
  if (!message || !signature) return answer(400, { error: "Missing message or signature" });
  const refuse = refuser(state);
  const peer = state.peers.sender(message.from);
  if (!peer) return refuse(403, "Unknown peer");
  if (peer.status !== "approved") return refuse(403, "Peer not approved");
  const text = typeof messageStr === "string" ? messageStr : JSON.stringify(message);
  if (!verifyText(peer.publicKey, text, signature)) return refuse(401, "Invalid signature");
  const refusal = state.doorman.refuses(peer.grants, message, state.self.clock());
  if (refusal) return refuse(refusal.status, refusal.error, { retryAfter: refusal.retryAfter });
  const { toAgent, intent } = message;
  if (state.self.dialect === "0.7" && toAgent !== undefined && !state.personas.has(toAgent)) {
    return refuse(404, `Unknown agent: '${toAgent}' is not a configured persona on this gateway`);
  }
  if (!ALL_INTENTS.includes(intent)) return refuse(404, `Unknown intent: ${intent}`);
  if (intent === "agent-comms") return takeAgentComms(state, message, peer);
  return accept(state, message, peer, { received: true, timestamp: moment(state.self) });
}

/**
 * `POST /federation/reply/:nonce`.
 *
 * @param state The gateway.
 * @param nonce Of the message that is replied to.
 * @param body What came.
 * @returns The answer.
 */
export function takeReply(state: State, nonce: string, body: Json): Outgoing {
  const { reply, replyStr, signature } = body;
  if (state.self.dialect === "0.2") {
    if (!reply) return answer(400, { error: "Missing reply" });
  } else {
    if (!reply || !signature) return answer(400, { error: "Missing reply or signature" });
    const text = typeof replyStr === "string" ? replyStr : JSON.stringify(reply);
    const approved = state.peers.all.filter(({ status }) => status === "approved");
    if (!approved.some(({ publicKey }) => verifyText(publicKey, text, signature))) {
      return answer(401, { error: "Invalid signature" });
    }
  }
  state.replies.set(nonce, reply);
  return answer(200, { received: true });
}

/**
 * `GET /federation/reply/:nonce`. A reply is handed out once, to whoever asks.
 *
 * @param state The gateway.
 * @param nonce Of the message.
 * @returns The answer.
 */
export function handOutReply(state: State, nonce: string): Outgoing {
  const found = state.replies.get(nonce);
  if (!found) {
    return answer(404, { nonce, status: "pending", message: "Reply not yet available" });
  }
  state.replies.delete(nonce);
  const { success, data, error, timestamp } = found;
  return answer(200, {
    nonce,
    status: "complete",
    reply: { success, data, error, timestamp: timestamp ?? moment(state.self) },
  });
}

function takeAgentComms(state: State, message: Json, peer: Peer): Outgoing {
  const topic = message.payload?.topic ?? "general";
  if (state.closedTopics.has(topic)) {
    if (state.self.dialect === "0.2") return answer(400, { error: "Topic not permitted" });
    const words = "Not about this";
    const rejection = { status: "rejected", reason: "topic-not-permitted", message: words };
    const signature = signText(state.self.keys, JSON.stringify(rejection));
    return refuser(state)(403, words, { response: { ...rejection, signature } });
  }
  const replyEndpoint = message.replyTo ? undefined : `/federation/reply/${message.nonce}`;
  return accept(state, message, peer, {
    received: true,
    topic,
    timestamp: moment(state.self),
    replyEndpoint,
  });
}

function accept(state: State, message: Json, peer: Peer, response: Json): Outgoing {
  state.taken.push({ message, peer });
  if (state.self.dialect === "0.2") return answer(200, response);
  return answer(200, { success: true, nonce: message.nonce, response });
}

/** 0.2 says no with 400 and the error alone. */
function refuser({ self }: State) {
  return (statusCode: number, error: string, details: RefusalDetails = {}): Outgoing =>
    self.dialect === "0.2"
      ? answer(400, { error })
      : answer(statusCode, { success: false, error, statusCode, ...details });
}
