/**
 * The gateway: the accounts of the configuration, each with its channel and its agent, started and stopped
 * one by one or all together.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { Gate } from "../store/gate.ts";
import { type AgentChoice, type ChatAccount, chatAccounts } from "./accounts.ts";
import { Callbacks } from "./callbacks.ts";
import type { Channel, ChannelStatus, ChatAddress, Outgoing, SentMessage } from "./channel.ts";
import { type ChatAgent, httpAgent } from "./chat_agent.ts";
import type { Environment } from "./config_file.ts";
import { callbackBase } from "./callback_address.ts";
import type { AcpConfig, OcgConfig } from "./config_types.ts";
import { Elsewhere } from "./elsewhere.ts";
import { type OnOcgEvent, quietly } from "./event.ts";
import { sweepPairings } from "./pairing.ts";
import { type AskPeer, peerAgent } from "./peer_agent.ts";
import { RunningAccount } from "./running_account.ts";
import { isServiceUrl } from "./service_url.ts";
import { shownUrl } from "./shown_url.ts";
import type { OcgState } from "./state.ts";

/**
 * Makes the channel of an account; it is not started.
 *
 * @param account The account, with what the channel needs in `settings`.
 * @param config The whole configuration.
 * @returns The channel.
 * @throws {MeshError} `config_invalid` if the settings will not do.
 */
export type ChannelFactory = (
  account: ChatAccount,
  config: OcgConfig,
) => Channel | Promise<Channel>;

/** What the gateway works with. */
export interface GatewayOptions {
  /** The state. */
  readonly state: OcgState;
  /** The configuration. */
  readonly config: OcgConfig;
  /** The environment, for what it overrides. */
  readonly env: Environment;
  /** How channels are made, by id. */
  readonly factories: Readonly<Record<string, ChannelFactory>>;
  /** Asks federated peers; without it, `ogp:` agents cannot be used. */
  readonly askPeer?: AskPeer | undefined;
  /** Makes the agent that is a program; without it, `agentType: "acp"` cannot be used. */
  readonly acpAgent?:
    | ((config: AcpConfig, account: ChatAccount) => ChatAgent | Promise<ChatAgent>)
    | undefined;
  /** The port that callbacks are really taken at, if not the configured one. */
  readonly callbackPort?: (() => number) | undefined;
  /** Told of what happens. */
  readonly onEvent?: OnOcgEvent | undefined;
  /** The present. */
  readonly now?: (() => Date) | undefined;
}

/** How an account is. */
export interface AccountStatus {
  /** The channel's id. */
  readonly channel: string;
  /** The account's name. */
  readonly account: string;
  /** Whether it is started with the others. */
  readonly enabled: boolean;
  /** What its chats talk to, without the key and what of the URL may be secret. */
  readonly agent: Pick<AgentChoice, "type" | "url" | "model">;
  /** How its channel is. */
  readonly status: ChannelStatus;
  /** How many messages wait or are worked at. */
  readonly waiting: number;
}

/** Milliseconds between looks for what has expired. */
const SWEEP_EVERY = 5 * 60_000;

/** Milliseconds before the first look, which should not hold up the start. */
const FIRST_SWEEP = 15_000;

/** The gateway of one root. */
export class OcgGateway {
  /** Answers that come later. */
  readonly callbacks: Callbacks;
  readonly #options: GatewayOptions;
  readonly #onEvent: OnOcgEvent;
  readonly #now: () => Date;
  readonly #made: Date;
  readonly #gate: Gate;
  readonly #running = new Map<string, RunningAccount>();
  #config: OcgConfig;
  readonly #failed = new Map<string, ChannelStatus>();
  readonly #elsewhere = new Elsewhere();
  readonly #stop = new AbortController();
  /** One start or stop after the other, so that two of one account never overlap. */
  #changing: Promise<unknown> = Promise.resolve();
  #sweeping: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Nothing runs yet.
   *
   * @param options What it works with.
   */
  constructor(options: GatewayOptions) {
    const { state, config, now = () => new Date() } = options;
    this.#options = options;
    this.#config = config;
    this.#now = now;
    this.#made = now();
    this.#onEvent = quietly(options.onEvent);
    this.#gate = new Gate(config.concurrency);
    this.callbacks = new Callbacks(state, {
      baseUrl: () => callbackBase(this.#config, this.accounts, options.callbackPort?.()),
      ttl: () => this.#config.callbackTokenTTL,
      channelFor: ({ channel, account }) => this.#channel(channel, account),
      onDelivered: ({ channel, account, chat, answer = "", sent = [] }) =>
        this.#onEvent({
          type: "answered",
          channel,
          account,
          chat,
          said: answer,
          parts: sent.length,
        }),
      now,
    });
  }

  /** The configuration. */
  get config(): OcgConfig {
    return this.#config;
  }

  /** All accounts of the configuration. */
  get accounts(): ChatAccount[] {
    return chatAccounts(this.#config, this.#options.env);
  }

  /** Starts all accounts that are enabled. One that cannot be started holds up no other. */
  async start(): Promise<void> {
    if (this.#timer === undefined) this.#sweepIn(FIRST_SWEEP);
    for (const { channel, account, enabled } of this.accounts) {
      if (enabled) await this.startChannel(channel, account).catch(() => {});
    }
  }

  /** Stops everything; what is unfinished is picked up by the next start. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#change(async () => {
      await Promise.all(this.#running.values().map((running) => running.stop()));
      this.#running.clear();
    });
    await this.#sweeping;
  }

  /**
   * Starts an account, or all of a channel, whether enabled or not. What runs already stays as it is.
   *
   * @param channel The channel's id.
   * @param account The account's name; all of them if it is left out.
   * @throws {MeshError} `not_found` if the configuration has none, `config_invalid`, `locked` if another
   * program runs it; the status says the same.
   */
  async startChannel(channel: string, account?: string): Promise<void> {
    const accounts = this.#accountsOf(channel, account);
    await this.#change(async () => {
      if (this.#stop.signal.aborted) throw new MeshError("unavailable", "The gateway is stopping");
      for (const one of accounts) await this.#startOne(one);
    });
  }

  /**
   * Stops an account, or all of a channel.
   *
   * @param channel The channel's id.
   * @param account The account's name; all of them if it is left out.
   * @throws {MeshError} `not_found` if the configuration has none.
   */
  async stopChannel(channel: string, account?: string): Promise<void> {
    const accounts = this.#accountsOf(channel, account);
    await this.#change(async () => {
      for (const one of accounts) {
        const key = keyOf(one.channel, one.account);
        const running = this.#running.get(key);
        await running?.stop();
        this.#running.delete(key);
        this.#failed.delete(key);
        this.#elsewhere.forget(one);
      }
    });
  }

  /**
   * Takes another configuration: accounts that are gone are stopped, those that run and have changed are
   * started again, new ones and those that could not be started are started if they are enabled. The address and port for callbacks, and
   * `concurrency`, stay as they were.
   *
   * @param config The configuration.
   */
  async configure(config: OcgConfig): Promise<void> {
    const before = new Map(this.accounts.map((one) => [keyOf(one.channel, one.account), one]));
    const isWhole = JSON.stringify(shared(this.#config)) !== JSON.stringify(shared(config));
    await this.#change(async () => {
      // Nothing would stop what is started from now on.
      if (this.#stop.signal.aborted) return;
      this.#config = config;
      const after = new Map(this.accounts.map((one) => [keyOf(one.channel, one.account), one]));
      for (const [key, running] of [...this.#running]) {
        const same = JSON.stringify(after.get(key)) === JSON.stringify(before.get(key));
        if (same && !isWhole) continue;
        this.#running.delete(key);
        await running.stop();
        const now = after.get(key);
        if (now?.enabled) await this.#startOne(now).catch(() => {});
      }
      for (const key of this.#failed.keys()) if (!after.has(key)) this.#failed.delete(key);
      for (const [key, one] of after) {
        const was = before.get(key);
        const mended = this.#failed.has(key) && JSON.stringify(was) !== JSON.stringify(one);
        // One that its owner has stopped stays so.
        if (one.enabled && (!was?.enabled || mended)) await this.#startOne(one).catch(() => {});
      }
    });
  }

  /** Starts the accounts that another program ran when they were to be started, and runs no more. */
  async startFreed(): Promise<void> {
    for (const { channel, account } of await this.#elsewhere.free(this.#options.state.store)) {
      const isWanted = this.accounts.some((one) =>
        one.enabled && one.channel === channel && one.account === account
      );
      if (isWanted) await this.startChannel(channel, account).catch(() => {});
    }
  }

  /**
   * How the accounts are.
   *
   * @returns One status for each account of the configuration.
   */
  status(): AccountStatus[] {
    return this.accounts.map(({ channel, account, enabled, agent }) => {
      const key = keyOf(channel, account);
      const running = this.#running.get(key);
      const { type, url, model } = agent;
      return {
        channel,
        account,
        enabled,
        agent: { type, url: shownUrl(url), model },
        status: running?.parts.channel.status ?? this.#failed.get(key) ??
          { state: "stopped", since: this.#made },
        waiting: running?.waiting ?? 0,
      };
    });
  }

  /**
   * Says something in a chat without having been asked.
   *
   * @param address Where.
   * @param message What.
   * @param signal Gives up.
   * @returns The message as it was sent.
   * @throws {MeshError} `not_found` if there is no such account, `unavailable` if it does not run here, and
   * what the channel throws.
   */
  async send(address: ChatAddress, message: Outgoing, signal: AbortSignal): Promise<SentMessage> {
    this.#accountsOf(address.channel, address.account);
    const channel = this.#channel(address.channel, address.account);
    if (channel) return await channel.send(address.chat, message, signal);
    throw new MeshError("unavailable", `Channel "${address.channel}" does not run here`);
  }

  /**
   * What the channel of an account can do, if it runs here.
   *
   * @param channel The channel's id.
   * @param account The account's name.
   * @returns Its capabilities.
   */
  capabilitiesOf(channel: string, account: string): Channel["capabilities"] | undefined {
    return this.#channel(channel, account)?.capabilities;
  }

  #channel(channel: string, account: string): Channel | undefined {
    return this.#running.get(keyOf(channel, account))?.parts.channel;
  }

  #accountsOf(channel: string, account: string | undefined): ChatAccount[] {
    const found = this.accounts.filter((one) =>
      one.channel === channel && (account === undefined || one.account === account)
    );
    if (found.length > 0) return found;
    const what = account === undefined ? "" : ` with an account "${account}"`;
    throw new MeshError("not_found", `There is no channel "${channel}"${what}`, {
      hint: "mesh ocg channels list --all",
    });
  }

  async #startOne(account: ChatAccount): Promise<void> {
    const key = keyOf(account.channel, account.account);
    if (this.#running.has(key)) return;
    this.#failed.delete(key);
    this.#elsewhere.forget(account);
    try {
      const { state, factories } = this.#options;
      const factory = Object.hasOwn(factories, account.channel)
        ? factories[account.channel]
        : undefined;
      if (!factory) {
        throw new MeshError("not_found", `Nothing here knows the channel "${account.channel}"`, {
          hint: "mesh ocg plugins install <package>",
        });
      }
      const agent = await this.#agentOf(account);
      const parts = {
        state,
        account,
        channel: await factory(account, this.#config),
        agent,
        callbacks: this.callbacks,
        onEvent: this.#onEvent,
        now: this.#now,
      };
      const running = new RunningAccount(parts, this.#gate);
      // Its answers by callback may come before it has started.
      this.#running.set(key, running);
      await running.start();
    } catch (error) {
      this.#running.delete(key);
      const hint = error instanceof MeshError && error.hint ? ` (${error.hint})` : "";
      const why = messageOf(error) + hint;
      const status = { state: "failed", error: why, since: this.#now() } as const;
      this.#failed.set(key, status);
      this.#elsewhere.note(account, error);
      const { channel, account: name } = account;
      this.#onEvent({ type: "channel", channel, account: name, status });
      throw error;
    }
  }

  async #agentOf(account: ChatAccount): Promise<ChatAgent> {
    const { agent } = account;
    const { askPeer, acpAgent } = this.#options;
    if (agent.type === "openai") {
      // The file's URLs were judged when it was read, that of the environment was not.
      if (isServiceUrl(agent.url)) return httpAgent(agent, this.#config);
      throw new MeshError("config_invalid", "OCG_AGENT_URL is no address of an agent", {
        hint: "an http(s) URL without user name and password",
      });
    }
    if (agent.type === "ogp" && askPeer) return peerAgent(agent.url, askPeer, this.#config);
    if (agent.type === "acp" && acpAgent && agent.acp) return await acpAgent(agent.acp, account);
    throw new MeshError("config_invalid", `Agents of type "${agent.type}" cannot be used here`, {
      ...(agent.type === "ogp" ? { hint: "they need an identity: mesh init, mesh ogp setup" } : {}),
    });
  }

  async #change(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    await changed;
  }

  #sweepIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#sweeping = this.#sweep().then(() => {
        if (!this.#stop.signal.aborted) this.#sweepIn(SWEEP_EVERY);
      });
    }, ms);
  }

  async #sweep(): Promise<void> {
    const { state } = this.#options;
    try {
      await this.startFreed();
      await this.callbacks.sweep(this.#stop.signal);
      await sweepPairings(state, this.#now());
      await state.tallies.sweep(this.#now());
    } catch (error) {
      this.#onEvent({ type: "fault", error: messageOf(error) });
    }
  }
}

/** What running accounts take from the configuration beside what is their own. */
function shared({ timeoutMs, idleTimeoutMs }: OcgConfig): unknown {
  return { timeoutMs, idleTimeoutMs };
}

function keyOf(channel: string, account: string): string {
  return `${channel}/${account}`;
}
