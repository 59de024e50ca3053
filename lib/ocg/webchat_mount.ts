/**
 * The one webchat that a gateway serves: its page has one place.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { FileStore } from "../store/file_store.ts";
import type { ChatAccount } from "./accounts.ts";
import { readSettings } from "./channel_settings.ts";
import type { WebchatChannel } from "./channels/webchat/webchat.ts";
import { webchatLink, webchatToken } from "./channels/webchat/token.ts";

/** Where the webchat of the moment is. */
export class WebchatMount {
  readonly #store: FileStore;
  #current: { readonly channel: WebchatChannel; readonly token: string } | undefined;

  /**
   * Serves nothing yet.
   *
   * @param store Where conversations and the token are kept.
   */
  constructor(store: FileStore) {
    this.#store = store;
  }

  /**
   * Makes the channel of an account.
   *
   * @param account The account.
   * @returns The channel, which is served from now on.
   * @throws {MeshError} `config_invalid` if another account's page is served, or the settings will not do.
   */
  async make(account: ChatAccount): Promise<WebchatChannel> {
    const { hosts = [], token: own } = readSettings("webchat", account);
    const served = this.#current?.channel;
    if (served && served.account !== account.account && served.status.state === "running") {
      throw new MeshError(
        "config_invalid",
        `The webchat of account "${served.account}" is served already, and there is one page`,
        { hint: `mesh ocg channels stop --channel webchat --account ${served.account}` },
      );
    }
    const { WebchatChannel } = await import("./channels/webchat/webchat.ts");
    const token = own ?? await webchatToken(this.#store, account.account);
    const name = account.account;
    const channel = new WebchatChannel({ account: name, token, store: this.#store, hosts });
    this.#current = { channel, token };
    return channel;
  }

  /**
   * The link to the page. Whoever has it is let in.
   *
   * @param port The port that it is served at.
   * @returns The URL, if the page is served.
   */
  link(port: number): string | undefined {
    if (this.#current?.channel.status.state !== "running") return undefined;
    return webchatLink(port, this.#current.token);
  }

  /**
   * Answers a browser.
   *
   * @param request What it asks.
   * @returns The answer; never an error.
   */
  async fetch(request: Request): Promise<Response> {
    if (this.#current) return await this.#current.channel.fetch(request);
    return new Response(null, { status: 404 });
  }
}
