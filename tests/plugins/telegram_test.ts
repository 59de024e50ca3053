/**
 * OpenClaw's own plugin for Telegram, which uses its whole runtime, on a Bot API of the test. Runs by
 * `deno task test:plugins`.
 */
import { assert, assertEquals } from "@std/assert";
import type { ChatMessage } from "../../lib/ocg/channel.ts";
import { PluginChannel } from "../../lib/ocg/plugins/plugin_channel.ts";
import { installedPlugins } from "../../lib/ocg/plugins/registry.ts";
import { eventually } from "../e2e/eventually.ts";
import { FakeTelegram } from "../fakes/telegram_api.ts";
import { namedFolder } from "./folder.ts";
import { LONG, runtimeFor, stateDirectory } from "./scene.ts";

Deno.test({
  name: "telegram: a message comes in, and an answer goes out",
  ignore: namedFolder() === undefined,
  async fn() {
    const root = await stateDirectory();
    const telegram = await FakeTelegram.start();
    const [any] = await installedPlugins(root);
    assert(any);
    const openclaw = `${root}/ocg/plugins/openclaw/${any.openclaw.version}/node_modules/openclaw`;
    const channel = new PluginChannel({
      ...{ root, account: "default", env: (name: string) => Deno.env.get(name) },
      // It comes with OpenClaw itself.
      plugin: { ...any, channel: "telegram" },
      packages: { folder: `${openclaw}/dist/extensions/telegram`, openclaw },
      settings: { botToken: telegram.token, apiRoot: telegram.apiRoot },
      runtime: await runtimeFor(root),
    });
    const messages: ChatMessage[] = [];
    channel.start({
      onMessage: (message) => Promise.resolve(void messages.push(message)),
      onStatus() {},
    });
    telegram.say("Is it raining?");
    await eventually("the message", () => messages.length === 1, LONG);
    const [{ chat = "", kind, text } = {}] = messages;
    assertEquals([chat, kind, text], ["42", "direct", "Is it raining?"]);
    await channel.send(chat, { text: "Only in Bergen." });
    const sent = telegram.of("sendMessage").map(({ fields }) => [fields.chat_id, fields.text]);
    assertEquals(sent.map(([to, said]) => [String(to), said]), [["42", "Only in Bergen."]]);
    await channel.stop();
    await telegram.close();
    await Deno.remove(root, { recursive: true });
  },
});
