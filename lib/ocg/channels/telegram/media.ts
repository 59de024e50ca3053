/**
 * Chooses the call that shows a medium best. Telegram fetches it from its address itself.
 *
 * @module
 */
import { MeshError } from "../../../error.ts";
import type { TelegramTarget } from "./chat_id.ts";
import type { TelegramApi } from "./client.ts";

/** Most characters of a text below a medium. */
const MOST_CAPTION = 1024;

/** How to send a medium. */
export interface MediaCall {
  /** Whether the text goes along; else it must follow as a message of its own. */
  readonly captioned: boolean;
  /** Sends it. */
  call(
    api: TelegramApi,
    target: TelegramTarget,
    signal?: AbortSignal,
  ): Promise<{ message_id: number }>;
}

/**
 * Prepares to send a medium.
 *
 * @param url Where it is.
 * @param text What to say about it; may be empty.
 * @returns The call.
 * @throws {MeshError} `refused` if the address is none of the web: a file of this machine is not sent.
 */
export function mediaCall(url: string, text: string): MediaCall {
  const extension = extensionOf(url);
  const captioned = text !== "" && text.length <= MOST_CAPTION;
  const caption = captioned ? { caption: text } : {};
  return {
    captioned,
    call: (api, target, signal) => {
      const rest = { ...target, ...caption };
      if (/^(jpe?g|png|webp)$/.test(extension)) {
        return api.sendPhoto({ ...rest, photo: url }, signal);
      }
      if (extension === "gif") return api.sendAnimation({ ...rest, animation: url }, signal);
      if (extension === "mp4") return api.sendVideo({ ...rest, video: url }, signal);
      if (/^(mp3|m4a)$/.test(extension)) return api.sendAudio({ ...rest, audio: url }, signal);
      return api.sendDocument({ ...rest, document: url }, signal);
    },
  };
}

function extensionOf(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new MeshError("refused", `"${text.slice(0, 200)}" is not a web address of a medium`);
  }
  return /\.(\w{1,5})$/.exec(url.pathname)?.[1]?.toLowerCase() ?? "";
}
