/**
 * The channels that are known by name: those that are built in, and the plugins that have been tried.
 *
 * @module
 */

/** A channel that is known before anything is installed or configured. */
export interface KnownChannel {
  /** Its id. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** The npm package that brings it; none if it is built in. */
  readonly plugin?: string;
  /** The keys that `--token` fills, in order, separated by colons in the token. */
  readonly token?: readonly [string, ...string[]];
  /** Other names that people try. */
  readonly names?: readonly string[];
}

/** The channels. */
export const KNOWN_CHANNELS: readonly KnownChannel[] = [
  { id: "telegram", label: "Telegram", token: ["botToken"] },
  { id: "discord", label: "Discord", token: ["token"] },
  { id: "webchat", label: "a page on this machine", names: ["web", "browser"] },
  {
    id: "openclaw-weixin",
    label: "WeChat",
    plugin: "@tencent-weixin/openclaw-weixin",
    names: ["weixin", "wechat"],
  },
  {
    id: "dingtalk-connector",
    label: "DingTalk",
    plugin: "@dingtalk-real-ai/dingtalk-connector",
    names: ["dingtalk"],
  },
  {
    id: "qqbot",
    label: "QQ",
    plugin: "@openclaw/qqbot",
    token: ["appId", "clientSecret"],
    names: ["qq"],
  },
];

/**
 * Finds a channel by its id.
 *
 * @param id The id.
 * @returns What is known of it.
 */
export function knownChannel(id: string): KnownChannel | undefined {
  return KNOWN_CHANNELS.find((one) => one.id === id);
}
