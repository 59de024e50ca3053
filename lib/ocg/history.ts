/**
 * What was said before, as the agent is told it, out of the stored messages.
 *
 * @module
 */
import type { AgentMessage } from "../agent/client.ts";
import type { Collection } from "../store/store.ts";
import type { MessageRecord } from "./records.ts";

/** Messages without an answer, such as those of a day when the agent was away, are passed over. */
const LOOKED_AT_PER_TURN = 4;

/**
 * The conversation that ends with a message.
 *
 * @param messages The chat's messages.
 * @param record The message.
 * @param turns How many earlier questions with their answers to tell.
 * @returns The messages for the agent, oldest first.
 */
export async function conversationOf(
  messages: Collection<MessageRecord>,
  record: MessageRecord,
  turns: number,
): Promise<AgentMessage[]> {
  const question: AgentMessage = { role: "user", content: record.text };
  if (turns === 0) return [question];
  const limit = turns * LOOKED_AT_PER_TURN + 1;
  const { entries } = await messages.list({ order: "newest", limit });
  const before = entries.map(({ value }) => value)
    .filter(({ id, state, isError, answer }) =>
      id !== record.id && state === "answered" && !isError && answer !== undefined
    )
    .slice(0, turns)
    .sort((a, b) => a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0);
  return [
    ...before.flatMap(({ text, answer = "" }): AgentMessage[] => [
      { role: "user", content: text },
      { role: "assistant", content: answer },
    ]),
    question,
  ];
}
