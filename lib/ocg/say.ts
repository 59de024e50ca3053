/**
 * Saying something in a chat without having been asked, in as many messages as its channel needs.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { OcgGateway } from "./gateway.ts";
import type { SendOrder } from "./send_body.ts";
import { splitText } from "./split.ts";

/** The channel takes no pictures or files. */
export class NoMediaError extends MeshError {
  /**
   * Makes the error.
   *
   * @param channel The channel's id.
   */
  constructor(channel: string) {
    super("refused", `Channel "${channel}" cannot send media`);
  }
}

/**
 * Says it.
 *
 * @param gateway Where the channel runs.
 * @param order What to say where.
 * @param signal Gives up.
 * @returns The ids of the messages, in order.
 * @throws {MeshError} As {@linkcode OcgGateway.send}; a {@linkcode NoMediaError} before anything is said.
 */
export async function say(
  gateway: OcgGateway,
  { address, message }: SendOrder,
  signal: AbortSignal,
): Promise<string[]> {
  const { text, mediaUrl, replyTo } = message;
  const can = gateway.capabilitiesOf(address.channel, address.account);
  if (mediaUrl !== undefined && can && !can.media) throw new NoMediaError(address.channel);
  const parts = splitText(text ?? "", can?.maxLength ?? Infinity).map((part) => ({ text: part }));
  const [first = {}, ...others] = parts;
  const head = {
    ...first,
    ...(mediaUrl === undefined ? {} : { mediaUrl }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  const ids: string[] = [];
  for (const one of [head, ...others]) ids.push((await gateway.send(address, one, signal)).id);
  return ids;
}
