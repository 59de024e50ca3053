/**
 * One plugin with one account: does what the gateway orders.
 *
 * @module
 */
import { Account, accountIdOf } from "./account.ts";
import { fields, method, text, type Unknown } from "./any.ts";
import { Chats } from "./chats.ts";
import { pluginConfig } from "./config.ts";
import { HostError, wordsOf } from "./failure.ts";
import { replaceDispatch } from "./hooks.ts";
import { readContext } from "./inbound.ts";
import { Intake } from "./intake.ts";
import { loadPlugin } from "./load.ts";
import { beginLogin, endLogin } from "./login.ts";
import { guarded } from "./missing.ts";
import { send } from "./outbound.ts";
import { handRuntime } from "./runtime.ts";
import { readJson } from "./small_file.ts";
import { wholeRuntime } from "./whole_runtime.ts";
import type { News, Opened, Order, PluginOrder } from "./wire.ts";

/**
 * Channels whose plugins are known to need no more than our runtime by hand: OpenClaw's own takes 250 MB
 * more, and lacks what the plugin for QQ asks for.
 */
const BY_HAND: ReadonlySet<string> = new Set(["openclaw-weixin", "qqbot"]);

/** Most UTF-16 units of a message, if a plugin does not say. */
const USUAL_LENGTH = 2_000;

/** Milliseconds in which a plugin has to end its connection. */
const STOP_MS = 3_000;

/** A plugin that is loaded, and what it works with. */
interface Open {
  readonly order: PluginOrder;
  readonly config: Unknown;
  readonly channel: Unknown;
  readonly channelRuntime: unknown;
  readonly chats: Chats;
  readonly intake: Intake;
}

/** A host. */
export class Host {
  readonly #say: (news: News) => void;
  #open: Open | undefined;
  #account: Account | undefined;

  /**
   * Nothing is loaded.
   *
   * @param say Tells the gateway.
   */
  constructor(say: (news: News) => void) {
    this.#say = say;
  }

  /**
   * Follows an order.
   *
   * @param order The order.
   * @returns Its answer.
   * @throws {Error} Why it cannot be followed.
   */
  async follow(order: Order): Promise<unknown> {
    if (order.do === "ping") return "here";
    if (order.do === "open") return await this.#load(order.plugin);
    const { channel, config, chats, order: given } = this.#opened();
    switch (order.do) {
      case "start":
        return await this.#start();
      case "send": {
        const accountId = accountIdOf(channel, given, config);
        return await send({ channel, config, chats, accountId }, order.message);
      }
      case "login":
        return await beginLogin(channel);
      case "login_wait":
        return await endLogin(channel, given, config, order.session, order.timeoutMs);
      case "stop":
        return await this.close();
    }
  }

  /**
   * The gateway's word on a message.
   *
   * @param n The message's number.
   * @param ok Whether it is on disk.
   */
  took(n: number, ok: boolean): void {
    this.#open?.intake.answered(n, ok);
  }

  /** Ends the connection; what is under way is kept. */
  async close(): Promise<void> {
    this.#open?.intake.close();
    const late = new Promise((resolve) => setTimeout(resolve, STOP_MS).unref());
    await Promise.race([this.#account?.stop(), late]);
  }

  #opened(): Open {
    if (!this.#open) throw new HostError("plugin", "The plugin is not loaded yet");
    return this.#open;
  }

  async #load(order: PluginOrder): Promise<Opened> {
    const folder = order.state;
    const config = pluginConfig(order);
    const chats = new Chats(folder);
    const intake = new Intake({ folder, chats, say: this.#say });
    const version = text(fields(readJson(`${order.openclaw}/package.json`)).version) ?? "0.0.0";
    const hand = handRuntime({
      config,
      folder,
      version,
      take: (ctx) => intake.take(readContext(ctx, order.channel)),
      log: (line) => this.#say({ say: "log", text: line }),
    });
    const { reply, inbound } = hand.channel;
    const replaced = replaceDispatch({ reply: fields(reply), inbound: fields(inbound) });
    if (!replaced && !BY_HAND.has(order.channel)) {
      const text = "The plugin may not find the way here with this runtime: use Node";
      this.#say({ say: "log", text });
    }
    const whole = BY_HAND.has(order.channel)
      ? undefined
      : await wholeRuntime(order.openclaw, order.channel, hand).catch((error) => {
        this.#say({ say: "log", text: `OpenClaw's runtime cannot be used: ${wordsOf(error)}` });
        return undefined;
      });
    const runtime = whole?.runtime ?? guarded(hand, "runtime");
    const loaded = await loadPlugin(order, runtime);
    loaded.setRuntime(runtime);
    const { channel } = loaded;
    whole?.adopt(channel);
    this.#open = { order, config, channel, channelRuntime: runtime.channel, chats, intake };
    const { textChunkLimit } = fields(channel.outbound);
    const limit = typeof textChunkLimit === "number" ? textChunkLimit : USUAL_LENGTH;
    return {
      label: text(fields(channel.meta).label) ?? order.channel,
      maxLength: Math.max(100, Math.trunc(limit)),
      media: method(channel.outbound, "sendMedia") !== undefined,
      qrLogin: method(channel.gateway, "loginWithQrStart") !== undefined,
    };
  }

  async #start(): Promise<void> {
    if (this.#account) return;
    const { channel, order, config, channelRuntime, intake } = this.#opened();
    const account = new Account({ channel, order, config, channelRuntime, say: this.#say });
    this.#account = account;
    await account.start();
    intake.resume();
  }
}
