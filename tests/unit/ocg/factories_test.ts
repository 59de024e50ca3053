import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { type ChatAccount, chatAccounts } from "../../../lib/ocg/accounts.ts";
import { parseOcgConfig } from "../../../lib/ocg/config.ts";
import { webchatLink, webchatToken } from "../../../lib/ocg/channels/webchat/token.ts";
import { channelFactories } from "../../../lib/ocg/factories.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { ocgSurface } from "../../../server/ocg.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, FakeChannel, runGateway } from "./fakes.ts";

const HANDLER = { onMessage: () => Promise.resolve(), onStatus: () => {} };

/** The accounts of channels, and the configuration. */
function accountsOf(channels: unknown) {
  const { config } = parseOcgConfig(JSON.stringify({ channels }));
  return { config, accounts: chatAccounts(config, () => undefined) };
}

Deno.test("a channel whose keys will not do is refused with the key, and without its value", async () => {
  await using root = await temporaryRoot();
  const { factories } = channelFactories({ store: openFileStore(root.path) });
  const cases: [Record<string, unknown>, string][] = [
    [{ telegram: {} }, '"botToken" is missing; allowed is the bot\'s token of BotFather'],
    [{ telegram: { botToken: "se cret" } }, '"botToken" is not as it should be'],
    [{ telegram: { botToken: "1:x", webhookUrl: "secret" } }, '"webhookUrl" is not'],
    [{ discord: { token: 7 } }, '"token" is not as it should be'],
    [{ webchat: { token: "secret" } }, '"token" is not as it should be; allowed is at least 32'],
    [{ webchat: { hosts: "secret" } }, '"hosts" is not as it should be'],
  ];
  for (const [channels, sentence] of cases) {
    const { config, accounts: [account] } = accountsOf(channels);
    const { channel } = account!;
    const error = await assertRejects(
      async () => await factories[channel]!(account!, config),
      MeshError,
      sentence,
    );
    assertEquals([error.code, error.message.includes("secret")], ["config_invalid", false]);
  }
});

Deno.test("the channels that are built in are made of their keys, and nothing starts by that", async () => {
  await using root = await temporaryRoot();
  const { factories } = channelFactories({ store: openFileStore(root.path) });
  const { config, accounts } = accountsOf({
    telegram: { accounts: { one: { botToken: "1:x" } } },
    discord: { token: "x" },
    webchat: {},
  });
  const made = await Promise.all(accounts.map((one) => factories[one.channel]!(one, config)));
  assertEquals(made.map(({ id, account, status }) => [id, account, status.state]), [
    ["telegram", "one", "stopped"],
    ["discord", "default", "stopped"],
    ["webchat", "default", "stopped"],
  ]);
});

Deno.test("a plugin brings its own channels, and one that is built in only where it is asked to", async () => {
  await using root = await temporaryRoot();
  const plugin = ({ account }: ChatAccount) => new FakeChannel(`plugin ${account}`, EDITING);
  const made = channelFactories({
    store: openFileStore(root.path),
    plugins: { qqbot: plugin, telegram: plugin },
  });
  const nameOf = async (settings: Record<string, unknown>, id: string) => {
    const { config, accounts: [account] } = accountsOf({ [id]: settings });
    return (await made.factories[id]!(account!, config)).account;
  };
  assertEquals(await nameOf({}, "qqbot"), "plugin default");
  assertEquals(await nameOf({ botToken: "1:x" }, "telegram"), "default");
  assertEquals(await nameOf({ botToken: "1:x", plugin: true }, "telegram"), "plugin default");
  made.usePlugins({});
  assertEquals(Object.keys(made.factories).sort(), ["discord", "telegram", "webchat"]);
  assertEquals(await nameOf({ botToken: "1:x", plugin: true }, "telegram"), "default");
});

Deno.test("the link to the page is made once, for its owner alone", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  const tokens = await Promise.all(Array.from({ length: 5 }, () => webchatToken(store, "default")));
  const [token = ""] = tokens;
  assertEquals(new Set(tokens).size, 1);
  assertMatch(token, /^[\w-]{43}$/);
  const path = `${root.path}/ocg/webchat/default.token`;
  if (Deno.build.os !== "windows") {
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }
  assertEquals(webchatLink(3457, token), `http://127.0.0.1:3457/chat#${token}`);
  assert(await webchatToken(store, "other") !== token);
  await Deno.writeTextFile(path, "");
  const error = await assertRejects(() => webchatToken(store, "default"), MeshError);
  assertEquals([error.code, error.hint], [
    "damaged",
    `rm "${path}" makes a new link at the next start`,
  ]);
});

Deno.test("there is one page: a second webchat is refused while the first one runs", async () => {
  await using root = await temporaryRoot();
  const { webchat } = channelFactories({ store: openFileStore(root.path) });
  const { accounts: [a, b] } = accountsOf({ webchat: { accounts: { a: {}, b: {} } } });
  assertEquals(webchat.link(1), undefined);
  const first = await webchat.make(a!);
  assertEquals(webchat.link(1), undefined);
  first.start(HANDLER);
  const own = webchat.link(1);
  const error = await assertRejects(() => webchat.make(b!), MeshError, 'of account "a" is served');
  assertEquals(error.code, "config_invalid");
  await first.stop();
  const second = await webchat.make(b!);
  second.start(HANDLER);
  assert(webchat.link(1) !== own);
  await second.stop();
});

Deno.test("a bot with a webhook is called at its path, and nobody takes the path of another", async () => {
  await using root = await temporaryRoot();
  const made = channelFactories({ store: openFileStore(root.path) });
  const webhookUrl = "https://bot.example/telegram/hook";
  const { config, accounts } = accountsOf({
    telegram: {
      accounts: {
        a: { botToken: "1:a", webhookUrl },
        b: { botToken: "1:b", webhookUrl },
        c: { botToken: "1:c", webhookUrl, webhookPath: "/chat/c" },
      },
    },
  });
  const [a, b, c] = accounts;
  const telegram = made.factories.telegram!;
  await telegram(a!, config);
  // Made again, as a restart of the channel does.
  await telegram(a!, config);
  for (const other of [b!, c!]) {
    const error = await assertRejects(
      async () => await telegram(other, config),
      MeshError,
      "is taken by",
    );
    assertEquals(error.code, "config_invalid");
  }
  await using running = await runGateway(root.path, {});
  const app = ocgSurface(running.gateway, made);
  const called = await app.request("/telegram/hook", { method: "POST", body: "{}" });
  // The bot does not run: its platform has to come again.
  assertEquals(called.status, 503);
  assertEquals((await app.request("/telegram/other", { method: "POST" })).status, 404);
  assertEquals((await app.request("/chat")).status, 404);
});
