/**
 * A person in a chat, on each of the channels that outlive their daemon, a plugin's among them: what is
 * written, and what the chat shows.
 *
 * @module
 */
import { EventStream } from "../../../lib/agent/event_stream.ts";
import { installedRecords } from "../../../lib/ocg/plugins/installed.ts";
import { FakeDiscord } from "../../fakes/discord.ts";
import { FakeTelegram } from "../../fakes/telegram_api.ts";
import { FakePlatform, installFake } from "../../unit/ocg/plugins/fakes.ts";

/** One chat. */
export interface Chat extends AsyncDisposable {
  /** The channel's id. */
  readonly channel: string;
  /** What `ocg.json` says about the channel. */
  readonly settings: Record<string, unknown>;
  /** Brings what the channel needs into a state directory. */
  prepare?(root: string): Promise<void>;
  /** Writes something, to a daemon that listens at a port. */
  say(text: string, port: number): Promise<void>;
  /** What was said in the chat that the person has not said. */
  seen(port: number): Promise<string[]>;
}

/** How a chat is opened, by channel. */
export const CHATS: Readonly<Record<string, () => Promise<Chat>>> = {
  telegram: telegramChat,
  discord: discordChat,
  webchat: () => Promise.resolve(webchatChat()),
  "a plugin": pluginChat,
};

async function telegramChat(): Promise<Chat> {
  const telegram = await FakeTelegram.start();
  return {
    channel: "telegram",
    settings: { botToken: telegram.token, apiRoot: telegram.apiRoot },
    say: (text) => Promise.resolve(void telegram.say(text)),
    seen: () => Promise.resolve([...telegram.texts.values()]),
    [Symbol.asyncDispose]: () => telegram.close(),
  };
}

function discordChat(): Promise<Chat> {
  const discord = FakeDiscord.start();
  return Promise.resolve({
    channel: "discord",
    settings: { token: discord.token, apiRoot: discord.apiRoot },
    say: (text: string) => Promise.resolve(void discord.say(text)),
    seen() {
      const posted = discord.of("POST", /\/channels\/500\/messages$/);
      return Promise.resolve(posted.map(({ body }) => String(body.content)));
    },
    [Symbol.asyncDispose]: () => discord.close(),
  });
}

function pluginChat(): Promise<Chat> {
  const platform = new FakePlatform();
  let ids = 0;
  return Promise.resolve({
    channel: "fake",
    settings: { platform: platform.url },
    async prepare(root: string) {
      const plugin = await installFake(root, "registering.js");
      // Older ones cannot run the host, and the Deno that runs the tests can.
      const openclaw = { ...plugin.openclaw, node: ">=22.18" };
      await installedRecords(root).put(plugin.channel, { ...plugin, openclaw });
    },
    say: (text: string) =>
      Promise.resolve(platform.post({ id: `m${++ids}`, from: "ada", name: "Ada", text })),
    seen: () => Promise.resolve(platform.sent.map(({ text }) => text)),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  });
}

/** A browser, without the browser. */
export function webchatChat(): Chat {
  const token = "t".repeat(43);
  let cookie: string | undefined;
  let keys = 0;
  const ask = async (path: string, port: number, body?: object, signal?: AbortSignal) => {
    const origin = `http://127.0.0.1:${port}`;
    const response = await fetch(`${origin}/chat/${path}`, {
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
      headers: { origin, "content-type": "application/json", ...(cookie ? { cookie } : {}) },
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    cookie ??= response.headers.get("set-cookie")?.split(";")[0];
    return response;
  };
  const enter = async (port: number) => {
    if (cookie === undefined) await ask("session", port, { token });
  };
  return {
    channel: "webchat",
    settings: { token },
    async say(text, port) {
      await enter(port);
      const response = await ask("messages", port, { key: `message-${++keys}`, text });
      await response.body?.cancel();
    },
    async seen(port) {
      await enter(port);
      const { body } = await ask("events", port);
      const events = new EventStream();
      for await (const piece of body ?? []) {
        const history = events.push(piece).find(({ type }) => type === "history");
        if (!history) continue;
        const messages: { from: string; text: string }[] = JSON.parse(history.data);
        return messages.filter(({ from }) => from !== "person").map(({ text }) => text);
      }
      throw new Error("The stream ended without the conversation");
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
