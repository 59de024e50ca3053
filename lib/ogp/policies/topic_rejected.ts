/**
 * What the level `off` answers: a rejection that the sender can hold against us.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import type { PrivateKey } from "../../identity/private_key.ts";
import { signText } from "../signed_text.ts";
import { POLICY_LIMITS } from "./policy_record.ts";

/** The part of the answer that is signed, and the signature. */
export interface RejectionResponse {
  /** The protocol's word for it. */
  readonly status: "rejected";
  /** The protocol's word for why. */
  readonly reason: "topic-not-permitted";
  /** The topic that was asked about, cut if it is very long. */
  readonly topic: string;
  /** One sentence. */
  readonly message: string;
  /** Of our key over `JSON.stringify({status, reason, message})`: 128 hex digits. */
  readonly signature: string;
}

const SENTENCE = "This gateway's owner does not take messages about this topic";

/** A message about a topic that is `off`. Answered with status 403 and {@link TopicRejected.response}. */
export class TopicRejected extends MeshError {
  /** What the answer carries as `response`. */
  readonly response: RejectionResponse;

  /**
   * Makes one; {@link rejection} signs it.
   *
   * @param response What the answer carries.
   */
  constructor(response: RejectionResponse) {
    super("refused", response.message);
    this.response = response;
  }
}

/**
 * Makes a rejection; `throw` it. The signature covers what it covers in OGP 0.7.2: three fixed texts, and
 * none that the sender chose.
 *
 * @param node This gateway.
 * @param topic The topic as received.
 * @returns The rejection.
 */
export function rejection(
  { privateKey }: { readonly privateKey: PrivateKey },
  topic: string,
): TopicRejected {
  const signed = {
    status: "rejected",
    reason: "topic-not-permitted",
    message: SENTENCE,
  } as const;
  const { status, reason, message } = signed;
  const signature = signText(privateKey, JSON.stringify(signed));
  const shown = topic.slice(0, POLICY_LIMITS.topicLength).toWellFormed();
  return new TopicRejected({ status, reason, topic: shown, message, signature });
}
