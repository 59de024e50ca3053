/**
 * A handler that remembers, for tests of channels.
 *
 * @module
 */
import type { ChannelHandler, ChannelStatus, ChatMessage } from "../../../../lib/ocg/channel.ts";

/** Remembers what a channel tells. */
export class Listener implements ChannelHandler {
  readonly messages: ChatMessage[] = [];
  readonly statuses: ChannelStatus[] = [];
  /** Called with each message before it counts as kept. */
  before: (message: ChatMessage) => unknown = () => {};

  async onMessage(message: ChatMessage): Promise<void> {
    await this.before(message);
    this.messages.push(message);
  }

  onStatus(status: ChannelStatus): void {
    this.statuses.push(status);
  }

  /** The texts that were kept. */
  get texts(): string[] {
    return this.messages.map(({ text }) => text);
  }

  /** Whether a status with this state, and an error that includes the text, was told. */
  saw(state: ChannelStatus["state"], error = ""): boolean {
    return this.statuses.some((status) =>
      status.state === state && (status.error ?? "").includes(error)
    );
  }
}
