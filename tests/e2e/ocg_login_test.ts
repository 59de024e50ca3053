import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { installedRecords } from "../../lib/ocg/plugins/installed.ts";
import { FakePlatform, installFake } from "../unit/ocg/plugins/fakes.ts";
import { eventually } from "./eventually.ts";
import { TestNode } from "./node.ts";

/** A plugin takes a while to load on a busy machine. */
const PATIENCE = 25_000;

/** A compiled program runs plugins by a Node that OpenClaw runs on, which a machine may not have. */
const isCompiled = Deno.env.get("MESH_BINARY") !== undefined;

Deno.test("a plugin's channel is logged in to, and taken up by the gateway", {
  ignore: isCompiled,
}, async (t) => {
  await using node = await TestNode.empty("ann");
  await using platform = new FakePlatform();
  await Deno.mkdir(node.state, { mode: 0o700 });
  const plugin = await installFake(node.state, "registering.js");
  // No Node serves: it is run by the Deno that runs the sources.
  const openclaw = { ...plugin.openclaw, node: ">=999" };
  await installedRecords(node.state).put(plugin.channel, { ...plugin, openclaw });
  const file = `${node.state}/ocg.json`;
  const config = { channels: { webchat: {} }, callbackHost: "127.0.0.1" };
  await Deno.writeTextFile(file, JSON.stringify(config), { mode: 0o600 });
  const login = ["ocg", "channels", "login", "--channel"];
  const saved = async () => JSON.parse(await Deno.readTextFile(file));

  await t.step("the code is drawn, and the channel is in the file", async () => {
    const { stdout, stderr } = await node.run([...login, "fake"]);
    assertMatch(stdout, /█▀▀/);
    assertMatch(stdout, /\nLogged in to fake\/default\.\n$/);
    assertMatch(stderr, /open there: \S+/);
    assertStringIncludes(stderr, "next: mesh ocg start --background");
    assertEquals((await saved()).channels, { webchat: {}, fake: { enabled: true } });
  });

  await t.step("programs get the code's text before the end", async () => {
    const { stdout } = await node.run([...login, "fake", "--json"]);
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
    const code = lines.find(({ kind }) => kind === "code");
    assert(code.url.length > 5);
    const { ok, channel, account, gateway } = lines.at(-1);
    assertEquals([ok, channel, account, gateway], [true, "fake", "default", null]);
  });

  await t.step("a gateway that runs starts it with what is new", async () => {
    const add = ["ocg", "channels", "add", "--channel", "fake", "--force", "--set"];
    await node.run([...add, `platform=${platform.url}`, "--allow-from", "*"]);
    await using run = node.start(["ocg", "start", "--port", "0"]);
    await run.until("where it listens", () => /listening/.test(run.stdout) || undefined);
    const self = async () => {
      const { channels } = await node.json(["ocg", "channels", "status", "--channel", "fake"]);
      return channels[0].status?.state === "running" && channels[0].status.self;
    };
    await eventually("the plugin", self, PATIENCE);
    const { stdout } = await node.run([...login, "fake"]);
    assertMatch(stdout, /\nfake\/default is (?:running as @fake|connecting)\n$/);
    assertEquals(await eventually("the plugin again", self, PATIENCE), "@fake");
    const { stdout: list } = await node.run(["ocg", "channels", "list", "--all"]);
    assertMatch(list, /^fake +default +running /m);
    run.kill("SIGTERM");
    await run.ended;
  });

  await t.step("what cannot be logged in to is said", async () => {
    const fails = async (channel: string, code: number) => {
      const { stderr } = await node.run([...login, channel], { code });
      return stderr;
    };
    assertMatch(await fails("telegram", 2), /BotFather.*\n.*channels add --channel telegram/);
    assertMatch(await fails("webchat", 2), /needs no login.*\nhint: mesh ocg status/);
    assertMatch(await fails("qqbot", 3), /plugins install @openclaw\/qqbot/);
    assertMatch(await fails("faek", 3), /did you mean "fake"/);
  });
});
