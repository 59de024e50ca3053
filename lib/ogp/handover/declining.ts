/**
 * What a peer is told when its message does not get to the agent by the owner's wish: always the same, and
 * nothing of the owner's.
 *
 * @module
 */
import { denial } from "../policies/denial.ts";
import type { Answer } from "../replies.ts";

/**
 * The reply to a message that the owner does not want discussed, by policy or by having looked at it.
 *
 * @returns The reply: the same in both cases, so that it does not tell which it was.
 */
export function declined(): Answer {
  return { success: true, data: denial("deny") };
}

/**
 * The reply to a message about which the owner did not decide.
 *
 * @returns The reply.
 */
export function undecided(): Answer {
  return {
    success: false,
    error:
      "The owner of this gateway was asked about this message and did not decide within a week",
  };
}
