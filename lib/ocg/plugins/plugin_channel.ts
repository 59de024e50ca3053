/**
 * A channel behind which there is an OpenClaw plugin, in a process of its own that is started again when it
 * dies.
 *
 * @module
 */
import { saidBy } from "../../agent/redact.ts";
import { codeOf, MeshError, messageOf } from "../../error.ts";
import { Backoff, type BackoffBounds } from "../channels/backoff.ts";
import { pause, settled } from "../channels/pause.ts";
import { ChannelState } from "../channels/state.ts";
import type {
  Channel,
  ChannelCapabilities,
  ChannelHandler,
  ChannelStatus,
  Outgoing,
  SentMessage,
} from "../channel.ts";
import type { InboundMessage, News } from "./host/wire.ts";
import type { HostProcess } from "./host_process.ts";
import { type InstalledPlugin, installedRecords } from "./installed.ts";
import { limited } from "./log_limit.ts";
import { openHost, type PluginHostOptions } from "./plugin_host.ts";
import { secretsOf } from "./secrets.ts";

/** What a plugin's channel needs. */
export interface PluginChannelOptions extends Omit<PluginHostOptions, "onNews" | "onLog"> {
  /** The plugin. */
  readonly plugin: InstalledPlugin;
  /** Told of each line that the plugin or its host prints, a few a second at most. */
  readonly onLog?: ((line: string) => void) | undefined;
  /** How long to wait before it is started again. Default from a second to five minutes. */
  readonly backoff?: BackoffBounds | undefined;
  /** Milliseconds between looks whether it is alive. Default 30 s. */
  readonly pingEveryMs?: number | undefined;
  /** Milliseconds within which it has to answer that; loading may keep it busy. Default 30 s. */
  readonly aliveMs?: number | undefined;
}

const BACKOFF: BackoffBounds = { firstMs: 1_000, mostMs: 300_000 };

/** Milliseconds after which a run counts as one that worked. */
const STEADY_MS = 60_000;

/** Milliseconds that connecting may take to begin. */
const START_MS = 60_000;

/** Milliseconds that a message may take to the platform. */
const SEND_MS = 90_000;

/** Milliseconds that a message waits for a host that is about to be there. */
const READY_MS = 30_000;

/** Milliseconds that stopping may take. */
const STOP_MS = 8_000;

/** One account of a plugin. */
export class PluginChannel implements Channel {
  /** The channel's id, as the plugin has it. */
  readonly id: string;
  /** The account's name. */
  readonly account: string;
  readonly #options: PluginChannelOptions;
  readonly #state = new ChannelState();
  readonly #secrets: readonly string[];
  readonly #log: (line: string) => void;
  #capabilities: ChannelCapabilities;
  #handler: ChannelHandler | undefined;
  #stop = new AbortController();
  #work: Promise<void> | undefined;
  #ready = Promise.withResolvers<HostProcess>();
  #ended: ((error: string) => void) | undefined;

  /**
   * A channel that has not started.
   *
   * @param options Which plugin, and for which account.
   */
  constructor(options: PluginChannelOptions) {
    const { plugin: { channel, maxLength, media }, account, settings, onLog = () => {} } = options;
    this.#options = options;
    this.id = channel;
    this.account = account;
    this.#secrets = secretsOf(settings);
    this.#log = limited((line) => onLog(this.#safe(line)));
    this.#capabilities = { edit: false, typing: false, media, maxLength, editEveryMs: 1_000 };
  }

  /** What it can do, as far as the plugin says. */
  get capabilities(): ChannelCapabilities {
    return this.#capabilities;
  }

  /** How it is now. */
  get status(): ChannelStatus {
    return this.#state.status;
  }

  /**
   * Starts in the background.
   *
   * @param handler Whom to tell.
   */
  start(handler: ChannelHandler): void {
    if (this.#work) return;
    this.#handler = handler;
    this.#state.tell((status) => handler.onStatus(status));
    this.#stop = new AbortController();
    this.#work = this.#run(this.#stop.signal);
  }

  /** Ends it; what the plugin has not got rid of, its next start brings. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#work) await settled(this.#work, STOP_MS);
    this.#work = undefined;
    this.#handler = undefined;
    this.#state.set({ state: "stopped" });
  }

  /**
   * Says something.
   *
   * @param chat The chat, as a message named it, or as the plugin takes it.
   * @param message What to say.
   * @param signal Gives up.
   * @returns What was sent.
   * @throws {MeshError} `unavailable` if it may work later, `refused` if the plugin cannot send it.
   */
  async send(chat: string, message: Outgoing, signal?: AbortSignal): Promise<SentMessage> {
    const host = await this.#host(signal);
    try {
      const id = await host.order({ do: "send", message: { ...message, chat } }, SEND_MS, signal);
      return { id: typeof id === "string" ? id : "" };
    } catch (error) {
      const code = codeOf(error);
      if (code === "interrupted") throw error;
      const text = this.#safe(messageOf(error));
      throw new MeshError(code === "refused" ? "refused" : "unavailable", text, { cause: error });
    }
  }

  /** Plugins do not change what they have sent. */
  edit(): Promise<void> {
    return Promise.reject(new MeshError("refused", `Channel "${this.id}" cannot change messages`));
  }

  /** Plugins show that by themselves, or not. */
  typing(): Promise<void> {
    return Promise.resolve();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#options.backoff ?? BACKOFF);
    while (!signal.aborted) {
      this.#state.set({ state: "connecting", ...errorIn(this.status) });
      const began = performance.now();
      let error: unknown;
      try {
        await this.#once(signal);
      } catch (thrown) {
        error = thrown;
      }
      if (signal.aborted) return;
      const text = this.#safe(sentenceOf(error));
      if (["config_invalid", "refused"].includes(codeOf(error))) {
        this.#state.set({ state: "failed", error: text });
        return;
      }
      if (performance.now() - began > STEADY_MS) backoff.reset();
      this.#state.set({ state: "connecting", error: text });
      await pause(backoff.next(), signal);
    }
  }

  /** One run of the host; throws why it ended. */
  async #once(signal: AbortSignal): Promise<never> {
    const gaveUp = Promise.withResolvers<string>();
    this.#ended = gaveUp.resolve;
    const { root, plugin } = this.#options;
    const options = {
      ...this.#options,
      // It may have been upgraded since this channel was made.
      plugin: await installedRecords(root).get(this.id) ?? plugin,
      onNews: (news: News) => this.#take(news, () => host),
      onLog: this.#log,
    };
    let host: HostProcess | undefined;
    let isReady = false;
    try {
      const { host: started, opened } = await openHost(options, signal);
      host = started;
      const { maxLength, media } = opened;
      this.#capabilities = { ...this.#capabilities, maxLength, media };
      await host.order({ do: "start" }, START_MS, signal);
      isReady = true;
      this.#ready.resolve(host);
      const aborted = Promise.withResolvers<string>();
      signal.addEventListener("abort", () => aborted.resolve("Interrupted"), { once: true });
      const why = await Promise.race([
        host.ended,
        gaveUp.promise,
        aborted.promise,
        this.#alive(host, signal),
      ]);
      throw new MeshError("unavailable", why);
    } finally {
      this.#ended = undefined;
      // Whoever waits for the first host that is ready goes on waiting.
      if (isReady) this.#ready = Promise.withResolvers();
      await host?.stop();
    }
  }

  /** Settles when the host does not answer any more. */
  async #alive(host: HostProcess, signal: AbortSignal): Promise<string> {
    const { pingEveryMs = 30_000, aliveMs = 30_000 } = this.#options;
    const over = new AbortController();
    host.ended.then(() => over.abort());
    const either = AbortSignal.any([signal, over.signal]);
    for (;;) {
      await pause(pingEveryMs, either);
      if (either.aborted) return "Interrupted";
      try {
        await host.order({ do: "ping" }, aliveMs, either);
      } catch {
        host.kill();
        return "The plugin's process does not answer";
      }
    }
  }

  #take(news: News, host: () => HostProcess | undefined): void {
    switch (news.say) {
      case "message":
        return void this.#bring(news.message).then(
          () => host()?.took(news.n, true),
          () => host()?.took(news.n, false),
        );
      case "log":
        return this.#log(String(news.text));
      case "status": {
        const said = news.error === undefined ? {} : { error: this.#safe(String(news.error)) };
        if (news.state === "ended") return this.#ended?.(said.error ?? "The plugin ended");
        const state = news.state === "running" ? "running" : "connecting";
        const self = news.self === undefined ? {} : { self: this.#safe(String(news.self)) };
        // Why it is not connected yet is known until it is, or until there is another reason.
        const before = state === "running" ? {} : errorIn(this.status);
        this.#state.set({ state, ...self, ...before, ...said });
      }
    }
  }

  async #bring(message: InboundMessage): Promise<void> {
    if (!this.#handler) throw new MeshError("unavailable", "The channel has stopped");
    const { id, chat, kind, sender, text, addressed, sentAt } = message;
    await this.#handler.onMessage({
      channel: this.id,
      account: this.account,
      chat,
      id,
      kind,
      sender: { id: sender.id, name: sender.name },
      text,
      addressed,
      sentAt: new Date(sentAt),
    });
  }

  async #host(signal?: AbortSignal): Promise<HostProcess> {
    signal?.throwIfAborted();
    const { state, error } = this.status;
    if (state === "stopped" || state === "failed") {
      throw new MeshError("unavailable", error ?? `Channel "${this.id}" does not run`);
    }
    const late = new AbortController();
    const giveUp = AbortSignal.any([late.signal, ...(signal ? [signal] : []), this.#stop.signal]);
    const waiting = pause(READY_MS, giveUp).then(() => undefined);
    const host = await Promise.race([this.#ready.promise, waiting]);
    late.abort();
    if (host) return host;
    signal?.throwIfAborted();
    const why = this.status.error === undefined ? "" : `: ${this.status.error}`;
    throw new MeshError("unavailable", `Channel "${this.id}" is not connected yet${why}`);
  }

  #safe(text: string): string {
    return saidBy(text, this.#secrets);
  }
}

function errorIn({ error }: ChannelStatus): { error?: string } {
  return error === undefined ? {} : { error };
}

function sentenceOf(error: unknown): string {
  const hint = error instanceof MeshError && error.hint !== undefined ? ` (${error.hint})` : "";
  return messageOf(error) + hint;
}
