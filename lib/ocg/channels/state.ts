/**
 * A channel's status, told to whoever listens when it changes and not when it stays the same.
 *
 * @module
 */
import type { ChannelStatus } from "../channel.ts";

/** What can be said about a channel beside the time. */
export type StateChange = Pick<ChannelStatus, "state" | "self" | "error">;

/** Keeps the status of one channel. */
export class ChannelState {
  #status: ChannelStatus = { state: "stopped", since: new Date() };
  #listener: (status: ChannelStatus) => void = () => {};

  /** How the channel is. */
  get status(): ChannelStatus {
    return this.#status;
  }

  /**
   * Whom to tell from now on.
   *
   * @param listener Gets each new status. What it throws is its own affair.
   */
  tell(listener: (status: ChannelStatus) => void): void {
    this.#listener = listener;
  }

  /**
   * Sets the status. Who the bot is stays known until another name is given.
   *
   * @param change The new state; without `error` there is none.
   */
  set(change: StateChange): void {
    const { state, error, self } = this.#status;
    const next = { self, ...change };
    if (next.state === state && next.error === error && next.self === self) return;
    this.#status = {
      state: next.state,
      ...(next.self === undefined ? {} : { self: next.self }),
      ...(next.error === undefined ? {} : { error: next.error }),
      since: next.state === state ? this.#status.since : new Date(),
    };
    try {
      this.#listener(this.#status);
    } catch {
      // A listener's failure must not end the channel's own work.
    }
  }
}
