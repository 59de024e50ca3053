/**
 * What the gateway tells whoever runs it. Nothing here is a secret; texts of messages are only in `said`.
 *
 * @module
 */
import type { ChannelStatus, ChatAddress } from "./channel.ts";

/** Something that happened. */
export type OcgEvent =
  /** A message was taken; `said` is its text. */
  | (ChatAddress & { readonly type: "message"; readonly sender: string; readonly said: string })
  /** All of an answer is in the chat. */
  | (ChatAddress & { readonly type: "answered"; readonly said: string; readonly parts: number })
  /** The agent will call back. */
  | (ChatAddress & { readonly type: "forwarded" })
  /** There is no answer from the agent; `error` tells the owner why. */
  | (ChatAddress & { readonly type: "agent_failed"; readonly error: string })
  /** The chat could not be told; `again` says whether it is tried again. */
  | (ChatAddress & {
    readonly type: "undelivered";
    readonly error: string;
    readonly again: boolean;
  })
  /** Somebody was not let in. */
  | (ChatAddress & { readonly type: "stranger"; readonly sender: string; readonly code?: string })
  /** A channel's status changed. */
  | {
    readonly type: "channel";
    readonly channel: string;
    readonly account: string;
    readonly status: ChannelStatus;
  }
  /** This machine failed. */
  | { readonly type: "fault"; readonly error: string };

/** Takes events. */
export type OnOcgEvent = (event: OcgEvent) => void;

/**
 * Makes a taker of events that never fails: a log that cannot be written holds up no conversation.
 *
 * @param onEvent Whom to tell, if anybody.
 * @returns The same, without its failures.
 */
export function quietly(onEvent: OnOcgEvent | undefined): OnOcgEvent {
  return (event) => {
    try {
      onEvent?.(event);
    } catch {
      // What happened is on disk as well.
    }
  };
}
