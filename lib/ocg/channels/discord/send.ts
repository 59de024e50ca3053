/**
 * What is said to a Discord channel. The library keeps to the rate limits that Discord's answers name.
 *
 * @module
 */
import type { API } from "@discordjs/core/http-only";
import type { REST } from "@discordjs/rest";
import { MeshError } from "../../../error.ts";
import type { Outgoing, SentMessage } from "../../channel.ts";
import { errorOf, faultOf } from "./fault.ts";

/** Waits that Discord asks for are kept up to here, in milliseconds; a longer one is the caller's affair. */
const MOST_WAIT = 90_000;

const SNOWFLAKE = /^\d{1,20}$/;

/** Mentions in an answer wake nobody up: the agent may only repeat what somebody made it say. */
const QUIET = { parse: [] };

/** The REST client and the API above it. */
interface Loaded {
  readonly rest: REST;
  readonly api: API;
}

/** Says things for one bot. */
export class DiscordSender {
  #loaded: Promise<Loaded> | undefined;

  /**
   * Says nothing yet.
   *
   * @param token The bot's token.
   * @param apiRoot Where the REST API is, if not at Discord's.
   */
  constructor(private readonly token: string, private readonly apiRoot: string | undefined) {}

  /** The REST client, loaded when it is first needed. */
  load(): Promise<Loaded> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  /** Gives the REST client back; the next call makes another. */
  async close(): Promise<void> {
    const loaded = await this.#loaded?.catch(() => undefined);
    this.#loaded = undefined;
    loaded?.rest.clearHashSweeper();
    loaded?.rest.clearHandlerSweeper();
  }

  /**
   * Sends a message.
   *
   * @param chat The channel's id.
   * @param message What to say; a medium is sent as its address, which Discord shows.
   * @param signal Gives up.
   * @returns What was sent.
   * @throws {MeshError} `unavailable` or `rate_limited` if it may work later, else `refused`.
   */
  async send(chat: string, message: Outgoing, signal?: AbortSignal): Promise<SentMessage> {
    const content = [message.text, message.mediaUrl].filter((part) => part).join("\n");
    if (content.trim() === "") throw new MeshError("refused", "An empty text cannot be sent");
    const { replyTo } = message;
    const answers = replyTo !== undefined && SNOWFLAKE.test(replyTo)
      ? { message_reference: { message_id: replyTo, fail_if_not_exists: false } }
      : {};
    // The library tries again by itself; the nonce makes Discord take it once.
    const nonce = crypto.randomUUID().replaceAll("-", "").slice(0, 25);
    const body = { content, allowed_mentions: QUIET, nonce, enforce_nonce: true, ...answers };
    const { id } = await this.#say(
      [chat],
      (api) => api.channels.createMessage(chat, body, { signal }),
      signal,
    );
    return { id };
  }

  /**
   * Changes a text.
   *
   * @param chat The channel's id.
   * @param id The message's id.
   * @param content The new text.
   * @param signal Gives up.
   * @throws {MeshError} As {@link send}.
   */
  async edit(chat: string, id: string, content: string, signal?: AbortSignal): Promise<void> {
    const body = { content, allowed_mentions: QUIET };
    await this.#say(
      [chat, id],
      (api) => api.channels.editMessage(chat, id, body, { signal }),
      signal,
    );
  }

  /**
   * Shows for ten seconds that an answer is being written. It never fails.
   *
   * @param chat The channel's id.
   */
  async typing(chat: string): Promise<void> {
    await this.#say([chat], (api) => api.channels.showTyping(chat)).catch(() => {});
  }

  async #say<T>(
    ids: string[],
    call: (api: API) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const wrong = ids.find((id) => !SNOWFLAKE.test(id));
    if (wrong !== undefined) {
      throw new MeshError("refused", `"${wrong.slice(0, 80)}" is not an id of Discord`, {
        hint: 'An id looks like "123456789012345678"; Discord shows it in developer mode',
      });
    }
    signal?.throwIfAborted();
    const { api } = await this.load();
    try {
      return await call(api);
    } catch (error) {
      signal?.throwIfAborted();
      throw errorOf(faultOf(error));
    }
  }

  async #load(): Promise<Loaded> {
    const [{ REST }, { API }] = await Promise.all([
      import("@discordjs/rest"),
      import("@discordjs/core/http-only"),
    ]);
    const rest = new REST({
      version: "10",
      ...(this.apiRoot ? { api: this.apiRoot.replace(/\/+$/, "") } : {}),
      makeRequest: request as never,
      rejectOnRateLimit: ({ retryAfter }) => retryAfter > MOST_WAIT,
    }).setToken(this.token);
    return { rest, api: new API(rest) };
  }
}

/**
 * Asks with the platform's own `fetch` instead of a second HTTP client. The answer is read to its end, as
 * the library leaves the body of one that it does not like to the garbage collector.
 */
async function request(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const body = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
}
