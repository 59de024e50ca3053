/**
 * Who may talk to the agent: nobody but those whom the owner named or approved, or gave the secret of a page. In groups, only what is
 * addressed to the bot is looked at.
 *
 * @module
 */
import type { ChatAccount } from "./accounts.ts";
import type { ChatMessage } from "./channel.ts";
import { isPaired, pairingCode } from "./pairing.ts";
import type { OcgState } from "./state.ts";

/** Whether a message goes on; `tell` is what its sender is answered if not, `code` the code in it. */
export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly stranger: boolean; readonly code?: string };

/**
 * Judges a message.
 *
 * @param state The state.
 * @param account The account that it came to.
 * @param message The message.
 * @param now The present.
 * @param authenticated Whether the channel lets nobody write whom the owner did not let in.
 * @returns Whether it goes on.
 */
export async function admission(
  state: OcgState,
  account: ChatAccount,
  message: ChatMessage,
  now: Date,
  authenticated = false,
): Promise<Admission> {
  const direct = message.kind === "direct";
  if ((!direct && !message.addressed) || message.text.trim() === "") {
    return { admitted: false, stranger: false };
  }
  if (authenticated) return { admitted: true };
  const { allowFrom, allowChats, pairing } = account;
  if (allowFrom.includes("*") || allowFrom.includes(message.sender.id)) return { admitted: true };
  if (!direct && allowChats.includes(message.chat)) return { admitted: true };
  if (await isPaired(state, message)) return { admitted: true };
  // In a group, everybody would read the code.
  const code = direct && pairing ? await pairingCode(state, message, now) : undefined;
  return { admitted: false, stranger: true, ...(code === undefined ? {} : { code }) };
}

/**
 * What a stranger is told.
 *
 * @param code The stranger's code.
 * @returns The sentence.
 */
export function strangerSentence(code: string): string {
  return `I do not know you yet. Please tell my owner this code: ${code}`;
}
