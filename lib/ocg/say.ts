/**
 * Saying something in a chat without having been asked, in as many messages as its channel needs.
 *
 * @module
 */
import { codeOf, MeshError, messageOf } from "../error.ts";
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

/** Whoever does not know that some of it is there says that again. */
function partly(said: number, all: number, cause: unknown): MeshError {
  const { hint, retryAfter } = cause instanceof MeshError ? cause : {};
  const message = `Only ${said} of ${all} messages are in the chat: ${messageOf(cause)}`;
  return new MeshError(codeOf(cause), message, { cause, hint, retryAfter });
}

/**
 * Says it.
 *
 * @param gateway Where the channel runs.
 * @param order What to say where.
 * @param signal Gives up.
 * @returns The ids of the messages, in order.
 * @throws {MeshError} As {@linkcode OcgGateway.send}, with how much was said if that is some of it; a {@linkcode NoMediaError} before anything is said.
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
  const all = [head, ...others];
  for (const one of all) {
    try {
      ids.push((await gateway.send(address, one, signal)).id);
    } catch (error) {
      throw ids.length === 0 ? error : partly(ids.length, all.length, error);
    }
  }
  return ids;
}
