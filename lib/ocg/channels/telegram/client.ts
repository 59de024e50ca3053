/**
 * grammY's client of the Bot API, loaded when the first call needs it. Only the client is used: which
 * updates are confirmed, and when, is decided here.
 *
 * @module
 */
import type { Api } from "grammy/web";

type Raw = Api["raw"];

/** The methods that take fields, with the platform's own signals where grammY declares a stand-in's. */
type Methods = {
  [M in Exclude<keyof Raw, "getMe">]: Raw[M] extends (fields: infer F, ...rest: never[]) => infer R
    ? (fields: F, signal?: AbortSignal) => R
    : never;
};

/** The methods of the Bot API. Calls throw grammY's errors; `faultOf` judges them. */
export type TelegramApi = Methods & {
  /** Asks who the bot is. */
  getMe(signal?: AbortSignal): Promise<{ id: number; username: string }>;
};

/** Holds the methods: they answer to any name, so a promise of them alone would call their `then`. */
interface Loaded {
  readonly api: TelegramApi;
}

/** Seconds that a call may take. */
const CALL_SECONDS = 30;

/** Seconds beyond the time that Telegram may hold a question for news. */
const POLL_GRACE_SECONDS = 15;

/** One bot's way to the Bot API. */
export class TelegramClient {
  readonly #token: string;
  readonly #apiRoot: string | undefined;
  readonly #apis = new Map<number, Promise<Loaded>>();

  /**
   * A client that has not connected.
   *
   * @param token The bot's token.
   * @param apiRoot Where the Bot API is, if not at Telegram's.
   */
  constructor(token: string, apiRoot?: string) {
    this.#token = token;
    this.#apiRoot = apiRoot?.replace(/\/+$/, "");
  }

  /** The methods for all but long polling. */
  calls(): Promise<Loaded> {
    return this.#load(CALL_SECONDS);
  }

  /**
   * The methods for long polling.
   *
   * @param seconds How long Telegram may hold a question.
   */
  polling(seconds: number): Promise<Loaded> {
    return this.#load(seconds + POLL_GRACE_SECONDS);
  }

  #load(timeoutSeconds: number): Promise<Loaded> {
    const known = this.#apis.get(timeoutSeconds);
    if (known) return known;
    // The build for the web: it uses the platform's `fetch` instead of a second one.
    const loaded = import("grammy/web").then(({ Api }) => {
      const root = this.#apiRoot ? { apiRoot: this.#apiRoot } : {};
      const { raw } = new Api(this.#token, { ...root, timeoutSeconds });
      return { api: raw as unknown as TelegramApi };
    });
    this.#apis.set(timeoutSeconds, loaded);
    return loaded;
  }
}
