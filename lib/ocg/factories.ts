/**
 * How the channels that are built in are made; each is loaded when an account wants it.
 *
 * @module
 */
import type { FileStore } from "../store/file_store.ts";
import { readSettings } from "./channel_settings.ts";
import type { ChannelFactory } from "./gateway.ts";
import { WebchatMount } from "./webchat_mount.ts";
import { Webhooks } from "./webhooks.ts";

/** What factories work with. */
export interface FactoryParts {
  /** The store of the state directory. */
  readonly store: FileStore;
  /** What plugins bring, by channel; a channel that is built in is theirs only where an account says so. */
  readonly plugins?: Readonly<Record<string, ChannelFactory>> | undefined;
}

/** Factories, and what the channels that they make want served. */
export interface ChannelFactories {
  /** How channels are made, by id. */
  readonly factories: Record<string, ChannelFactory>;
  /** The page to chat on. */
  readonly webchat: WebchatMount;
  /** What platforms call. */
  readonly webhooks: Webhooks;
  /**
   * Takes other plugins than before.
   *
   * @param plugins What they bring, by channel.
   */
  usePlugins(plugins: Readonly<Record<string, ChannelFactory>>): void;
}

/**
 * Makes the factories.
 *
 * @param parts What they work with.
 * @returns A factory for each channel that is built in or brought by a plugin.
 */
export function channelFactories({ store, plugins = {} }: FactoryParts): ChannelFactories {
  const webchat = new WebchatMount(store);
  const webhooks = new Webhooks();
  const builtIn: Readonly<Record<string, ChannelFactory>> = {
    telegram: telegramFactory(webhooks),
    discord: discord,
    webchat: (account) => webchat.make(account),
  };
  const factories: Record<string, ChannelFactory> = {};
  const usePlugins = (brought: Readonly<Record<string, ChannelFactory>>) => {
    for (const id of Object.keys(factories)) delete factories[id];
    Object.assign(factories, brought, builtIn);
    for (const [id, own] of Object.entries(builtIn)) {
      const other = Object.hasOwn(brought, id) ? brought[id] : undefined;
      if (!other) continue;
      factories[id] = (account, config) =>
        (account.settings.plugin === true ? other : own)(account, config);
    }
  };
  usePlugins(plugins);
  return { factories, webchat, webhooks, usePlugins };
}

function telegramFactory(webhooks: Webhooks): ChannelFactory {
  return async (account) => {
    const { botToken, apiRoot, webhookUrl, webhookSecret, webhookPath } = readSettings(
      "telegram",
      account,
    );
    const { TelegramChannel } = await import("./channels/telegram/telegram.ts");
    const webhook = webhookUrl === undefined ? {} : {
      webhook: { url: webhookUrl, ...(webhookSecret ? { secret: webhookSecret } : {}) },
    };
    const channel = new TelegramChannel({
      account: account.account,
      botToken,
      ...(apiRoot ? { apiRoot } : {}),
      ...webhook,
    });
    if (webhookUrl !== undefined) {
      const path = webhookPath ?? new URL(webhookUrl).pathname;
      webhooks.give(path, `telegram/${account.account}`, (request) => channel.webhook(request));
    }
    return channel;
  };
}

const discord: ChannelFactory = async (account) => {
  const { token, apiRoot, messageContent } = readSettings("discord", account);
  const { DiscordChannel } = await import("./channels/discord/discord.ts");
  return new DiscordChannel({
    account: account.account,
    token,
    ...(apiRoot ? { apiRoot } : {}),
    ...(messageContent === undefined ? {} : { messageContent }),
  });
};
