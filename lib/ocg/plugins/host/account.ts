/**
 * The account of a plugin: which of the plugin's accounts it is, and its connection from start to end.
 *
 * @module
 */
import { fields, method, text, type Unknown } from "./any.ts";
import type { PluginConfig } from "./config.ts";
import { HostError, wordsOf } from "./failure.ts";
import { logger } from "./runtime.ts";
import { readJson } from "./small_file.ts";
import type { News, PluginOrder } from "./wire.ts";

/** What an account works with. */
export interface AccountParts {
  /** The plugin's channel. */
  readonly channel: Unknown;
  /** What was ordered. */
  readonly order: PluginOrder;
  /** The configuration. */
  readonly config: PluginConfig;
  /** The runtime's `channel`. */
  readonly channelRuntime: unknown;
  /** Tells the gateway. */
  readonly say: (news: News) => void;
}

/** The file in the account's folder that names the account of the last login. */
export const LOGIN_FILE = "mesh-login.json";

/**
 * The plugin's name of our account. Plugins that one logs in to name their accounts after the platform's.
 *
 * @param channel The plugin's channel.
 * @param order What was ordered.
 * @param config The configuration.
 * @returns The name.
 */
export function accountIdOf(channel: Unknown, order: PluginOrder, config: PluginConfig): string {
  const listed = method(channel.config, "listAccountIds")?.(config);
  const ids = Array.isArray(listed) ? listed.filter((id) => typeof id === "string") : [];
  const login = text(fields(readJson(`${order.state}/${LOGIN_FILE}`)).account);
  const chosen = [login, order.account].find((id) => id !== undefined && ids.includes(id));
  if (chosen !== undefined) return chosen;
  const preset = text(method(channel.config, "defaultAccountId")?.(config));
  return (ids.length > 1 ? preset : undefined) ?? ids.at(-1) ?? order.account;
}

/** A connection. */
export class Account {
  readonly #parts: AccountParts;
  readonly #stop = new AbortController();
  #status: Unknown = {};
  #context: Unknown | undefined;

  /**
   * Not connected.
   *
   * @param parts What it works with.
   */
  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /**
   * Connects.
   *
   * @throws {HostError} `settings` if something is missing that the owner has to give, `plugin` if the plugin
   * cannot be started at all.
   */
  async start(): Promise<void> {
    const { channel, config, order, channelRuntime, say } = this.#parts;
    const startAccount = method(channel.gateway, "startAccount");
    if (!startAccount) {
      throw new HostError("plugin", "The plugin has no account that can be started");
    }
    const accountId = accountIdOf(channel, order, config);
    const account = await method(channel.config, "resolveAccount")?.(config, accountId) ?? {};
    await this.#check(account);
    const log = (line: string) => say({ say: "log", text: line });
    this.#status = { accountId };
    this.#context = {
      cfg: config,
      accountId,
      account,
      channelRuntime,
      abortSignal: this.#stop.signal,
      log: logger(log),
      runtime: {
        log,
        error: log,
        exit: (code: unknown) => {
          throw new Error(`The plugin wants to end with ${code}`);
        },
      },
      getStatus: () => this.#status,
      setStatus: (status: unknown) => this.#note(fields(status)),
    };
    say({ say: "status", state: "connecting" });
    // It goes on until it is stopped; one that comes to an end by itself has failed.
    Promise.resolve().then(() => startAccount(this.#context)).then(
      () => this.#ended(text(this.#status.lastError) ?? "The plugin ended its connection"),
      (error) => this.#ended(wordsOf(error)),
    );
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const stopAccount = method(fields(this.#parts.channel.gateway), "stopAccount");
    if (this.#context) await stopAccount?.(this.#context);
  }

  async #check(account: unknown): Promise<void> {
    const { channel, order, config } = this.#parts;
    const isConfigured = method(channel.config, "isConfigured");
    if (!isConfigured || await isConfigured(account, config)) return;
    const why = text(method(channel.config, "unconfiguredReason")?.(account, config));
    const login = method(channel.gateway, "loginWithQrStart") !== undefined;
    const next = login
      ? `log in with: mesh ocg channels login --channel ${order.channel}`
      : `give its settings with: mesh ocg channels add --channel ${order.channel}`;
    throw new HostError("settings", `${why ?? "The account is not set up"}; ${next}`);
  }

  #note(status: Unknown): void {
    this.#status = { ...this.#status, ...status };
    if (this.#stop.signal.aborted) return;
    const { connected, running, lastError } = this.#status;
    const isRunning = typeof connected === "boolean" ? connected : running === true;
    const error = text(lastError);
    const self = text(this.#status.self) ?? text(fields(this.#status.bot).username);
    this.#parts.say({
      say: "status",
      state: isRunning ? "running" : "connecting",
      ...(self === undefined ? {} : { self }),
      ...(isRunning || error === undefined ? {} : { error }),
    });
  }

  #ended(error: string): void {
    if (this.#stop.signal.aborted) return;
    this.#parts.say({ say: "status", state: "ended", error: error.slice(0, 2000) });
  }
}
