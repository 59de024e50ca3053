/**
 * The bodies that a gateway sends, with the order of keys and the signatures of each dialect.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { ALL_INTENTS, type ScopeGrants } from "./doorman.ts";
import type { Json } from "./http.ts";
import { hostId, keyId, type KeyPair, signText } from "./keys.ts";
import type { Dialect } from "./peers.ts";

/** Who speaks. */
export interface Self {
  readonly dialect: Dialect;
  readonly keys: KeyPair;
  readonly url: string;
  readonly displayName: string;
  readonly email: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What a sender may want to say in a message other than what it usually says. */
export interface MessageOptions {
  readonly replyTo?: string;
  readonly conversationId?: string;
  readonly toAgent?: string;
  /** A UUID by default. */
  readonly nonce?: string;
  /** Now by default. */
  readonly timestamp?: string;
  /** What the receiver knows the sender by. */
  readonly from?: string;
  /** What the sender knows the receiver by. */
  readonly to?: string;
  /** Whether the exact text travels along; by default as the dialect does it. */
  readonly withText?: boolean;
  /** Changes the message before it is signed. */
  readonly change?: (message: Json) => void;
  /** Changes the whole body after it was signed. */
  readonly tamper?: (body: Json) => void;
  /** Signs in place of the sender. */
  readonly signer?: KeyPair;
}

/**
 * What a gateway calls itself.
 *
 * @param self The gateway.
 * @returns 0.2: host and port. 0.7: the beginning of its key.
 */
export function ownId({ dialect, url, keys }: Self): string {
  return dialect === "0.2" ? hostId(url) : keyId(keys.publicKey);
}

/**
 * The body of a federation request.
 *
 * @param self Who asks.
 * @param change Changes what is claimed before it is signed.
 * @returns 0.2 `{peer, signature}`, 0.7 `{payloadStr, signature}`.
 */
export function requestBody(self: Self, change: (claim: Json) => void = () => {}): Json {
  const { dialect, keys: { publicKey }, url, displayName, email } = self;
  const id = dialect === "0.2" ? hostId(url) : publicKey.slice(0, 16);
  const peer: Json = { id, displayName, email, gatewayUrl: url, publicKey };
  if (dialect === "0.2") {
    change(peer);
    return { peer, signature: signText(self.keys, JSON.stringify(peer)) };
  }
  Object.assign(peer, { humanName: `${displayName} Human`, agentName: `${displayName}-agent` });
  change(peer);
  return signedPayload(self, { peer, offeredIntents: ALL_INTENTS, timestamp: moment(self) });
}

/**
 * The body of an approval.
 *
 * @param self Who approves.
 * @param theirId What the approved peer is called here; nothing for a grant back.
 * @param scopeGrants What the peer may do here.
 * @param change Changes the fields before they are signed.
 * @returns 0.2: flat and unsigned. 0.7: `{payloadStr, signature}`.
 */
export function approvalBody(
  self: Self,
  theirId: string | undefined,
  scopeGrants: ScopeGrants,
  change: (fields: Json) => void = () => {},
): Json {
  const answered = theirId === undefined ? {} : { peerId: theirId, approved: true };
  const from = {
    fromGatewayId: hostId(self.url),
    fromDisplayName: self.displayName,
    fromGatewayUrl: self.url,
    fromPublicKey: self.keys.publicKey,
    fromEmail: self.email,
  };
  const nonce = theirId === undefined ? {} : { nonce: randomUUID() };
  const rest = { protocolVersion: "0.2.0", scopeGrants };
  const fields = self.dialect === "0.2"
    ? { ...answered, ...from, timestamp: moment(self), ...nonce, ...rest }
    : { ...answered, ...from, ...nonce, ...rest, timestamp: moment(self) };
  change(fields);
  return self.dialect === "0.2" ? fields : signedPayload(self, fields);
}

/**
 * The body of a message.
 *
 * @param self Who sends.
 * @param theirId What the receiver is called here.
 * @param intent The intent.
 * @param payload What is said.
 * @param options What else, and what is wrong with it.
 * @returns `{message, messageStr?, signature}`.
 */
export function messageBody(
  self: Self,
  theirId: string,
  intent: string,
  payload: Json,
  options: MessageOptions = {},
): Json {
  const { replyTo, conversationId, toAgent } = options;
  const optional = { replyTo, conversationId };
  const said = { payload };
  const early = intent === "agent-comms";
  // `JSON.stringify` leaves out what is undefined, here and on the wire.
  const message: Json = {
    intent,
    from: options.from ?? ownId(self),
    to: options.to ?? theirId,
    toAgent,
    nonce: options.nonce ?? randomUUID(),
    timestamp: options.timestamp ?? moment(self),
    ...(early ? { ...optional, ...said } : { ...said, ...optional }),
  };
  options.change?.(message);
  const messageStr = JSON.stringify(message);
  const signature = signText(options.signer ?? self.keys, messageStr);
  // 0.2 sends no text with agent-comms.
  const withText = options.withText ?? !(self.dialect === "0.2" && early);
  const body = withText ? { message, messageStr, signature } : { message, signature };
  options.tamper?.(body);
  return body;
}

/**
 * The body of a reply that is called back.
 *
 * @param self Who replies.
 * @param theirId What the asking peer is called here.
 * @param nonce The message's nonce.
 * @param outcome `{data}` or `{error}`.
 * @returns 0.2 `{reply}`, unsigned. 0.7 `{reply, replyStr, signature}`.
 */
export function replyBody(
  self: Self,
  theirId: string,
  nonce: string,
  outcome: { data?: Json; error?: string },
): Json {
  const success = outcome.error === undefined;
  const reply = { nonce, success, ...outcome, timestamp: moment(self) };
  if (self.dialect === "0.2") return { reply };
  const whole = { ...reply, from: hostId(self.url), to: theirId };
  const replyStr = JSON.stringify(whole);
  return { reply: whole, replyStr, signature: signText(self.keys, replyStr) };
}

/**
 * The proof of 0.7 that somebody is somebody, which is also its body of a removal.
 *
 * @param self Who it is.
 * @param timestamp When; now by default.
 * @returns `{peerId, timestamp, signature}`.
 */
export function proof(self: Self, timestamp = moment(self)): Json {
  const claim = { peerId: keyId(self.keys.publicKey), timestamp };
  return { ...claim, signature: signText(self.keys, JSON.stringify(claim)) };
}

/**
 * The body of an announcement of a new identity, 0.7 only.
 *
 * @param self Whose.
 * @param identity What is new.
 * @returns `{identity, signature}`.
 */
export function identityBody(self: Self, identity: Json): Json {
  const { displayName, email, url: gatewayUrl, keys: { publicKey } } = self;
  const whole = { id: keyId(publicKey), displayName, email, gatewayUrl, publicKey, ...identity };
  return { identity: whole, signature: signText(self.keys, JSON.stringify(whole)) };
}

/**
 * A payload as text, and the signature over the text.
 *
 * @param self Who signs.
 * @param payload The payload.
 * @returns `{payloadStr, signature}`.
 */
export function signedPayload({ keys }: Pick<Self, "keys">, payload: Json): Json {
  const payloadStr = JSON.stringify(payload);
  return { payloadStr, signature: signText(keys, payloadStr) };
}

/**
 * The moment, as the originals write it.
 *
 * @param self By whose clock.
 * @returns ISO 8601 with milliseconds.
 */
export function moment({ clock }: Pick<Self, "clock">): string {
  return new Date(clock()).toISOString();
}
