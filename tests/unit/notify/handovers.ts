/**
 * Messages to hand on, for tests.
 *
 * @module
 */
import type { Handover } from "../../../lib/notify/handover.ts";

/**
 * A message as a peer's would be.
 *
 * @param changes What is different about it.
 * @returns The message.
 */
export function handover(changes: Partial<Handover> = {}): Handover {
  return {
    id: "abc-123@0123456789abcdef",
    frame: "[OGP Agent-Comms] Stan → memory-management [FULL]: How do you persist context?",
    protocol: "ogp",
    peer: { publicKey: "302a300506032b6570032100aa", id: "stan:18790", displayName: "Stan" },
    intent: "agent-comms",
    topic: "memory-management",
    priority: "high",
    level: "full",
    conversationId: "conv-001",
    payload: { topic: "memory-management", message: "How do you persist context?" },
    text: "How do you persist context?",
    timestamp: "2026-03-23T10:30:00.000Z",
    nonce: "abc-123",
    expectsReply: true,
    ...changes,
  };
}
