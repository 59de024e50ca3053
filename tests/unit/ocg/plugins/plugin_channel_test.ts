/** A plugin of a package, in a host of its own, on a platform in the test. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { packagesOf } from "../../../../lib/ocg/plugins/installed.ts";
import { PluginChannel } from "../../../../lib/ocg/plugins/plugin_channel.ts";
import { denoRuntime } from "../../../../lib/ocg/plugins/runtime.ts";
import { eventually } from "../../../e2e/eventually.ts";
import { installFake, Listener, runPlugin } from "./fakes.ts";

const LONG = 60_000;

/** How often the plugin was started. */
function starts({ lines }: Listener): number {
  return lines.filter((line) => line.startsWith("hello from")).length;
}

async function inRoot(test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a person's message comes with all that is known, and is confirmed once it is safe", () =>
  inRoot(async (root) => {
    await using run = await runPlugin(root);
    const { platform, heard, channel } = run;
    heard.failing = true;
    platform.post({ id: "1", from: "anna", name: "Anna", text: "Hello" });
    await eventually("connected", () => channel.status.state === "running", LONG);
    assertEquals(channel.status.self, "@fake");
    await new Promise((resolve) => setTimeout(resolve, 200));
    assertEquals(platform.confirmed, []);
    heard.failing = false;
    await eventually("it is confirmed", () => platform.confirmed.length === 1, LONG);
    assertEquals(heard.messages, [{
      ...{ channel: "fake", account: "default", chat: "anna", id: "1", kind: "direct" },
      sender: { id: "anna", name: "Anna" },
      ...{ text: "Hello", addressed: true, sentAt: new Date(1_790_000_000_000) },
    }]);
    platform.post({ id: "2", from: "ben", chat: "room", text: "All", mentioned: false });
    await eventually("the second", () => heard.messages.length === 2, LONG);
    const [, { chat, kind, addressed } = {}] = heard.messages;
    assertEquals([chat, kind, addressed], ["room", "group", false]);
  }));

Deno.test("what is said goes where the plugin would answer, and to whom it does not know yet", () =>
  inRoot(async (root) => {
    await using run = await runPlugin(root);
    const { platform, heard, channel } = run;
    assertEquals(await channel.send("ben", { text: "Hi, Ben" }), { id: "m1" });
    platform.post({ id: "1", from: "anna", text: "Hello" });
    await eventually("a message", () => heard.messages.length === 1, LONG);
    assertEquals(await channel.send("anna", { text: "Hi", replyTo: "1" }), { id: "m2" });
    assertEquals(platform.sent, [
      { to: "fake:ben", text: "Hi, Ben" },
      { to: "fake:anna", text: "Hi", replyToId: "1" },
    ]);
    assertEquals(channel.capabilities.maxLength, 1234);
    for (const [text, why] of [["too fast", "429"], ["quietly wrong", "no such user"]] as const) {
      const error = await assertRejects(() => channel.send("anna", { text }), MeshError, why);
      assertEquals(error.code, "unavailable");
    }
    const media = () => channel.send("anna", { mediaUrl: "https://fake.example/cat.png" });
    assertEquals((await assertRejects(media, MeshError)).code, "refused");
  }));

Deno.test("a process that dies is started again, and what came meanwhile arrives", () =>
  inRoot(async (root) => {
    await using run = await runPlugin(root);
    const { platform, heard, channel } = run;
    await eventually("connected", () => channel.status.state === "running", LONG);
    platform.post({ id: "1", from: "anna", text: "die" });
    await eventually("it is noticed", () => channel.status.error !== undefined, LONG);
    assertStringIncludes(channel.status.error ?? "", "exit code 7");
    platform.post({ id: "2", from: "anna", text: "Still there?" });
    await eventually("it is back", () => heard.messages.length === 1, LONG);
    assertEquals(await channel.send("anna", { text: "Yes" }), { id: "m1" });
  }));

Deno.test("a message that was not safe when the process died comes again by itself", () =>
  inRoot(async (root) => {
    {
      await using run = await runPlugin(root);
      const { platform, heard, channel } = run;
      await eventually("connected", () => channel.status.state === "running", LONG);
      heard.failing = true;
      platform.post({ id: "1", from: "anna", text: "Do not lose me" });
      // The platform has handed it out, and nobody has it on disk.
      await eventually("it is under way", () => heard.lines.length > 0, LONG);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await using run = await runPlugin(root);
    await eventually("it comes", () => run.heard.messages[0]?.text === "Do not lose me", LONG);
    await run.channel.stop();
    const kept = `${root}/ocg/plugins/state/fake/default/mesh-untaken.json`;
    assertEquals(await Deno.readTextFile(kept), "[]");
  }));

Deno.test("nonsense and megabytes on the output harm nobody, and the log stays short", () =>
  inRoot(async (root) => {
    await using run = await runPlugin(root, { how: "prints megabytes" });
    const { platform, heard } = run;
    platform.post({ id: "1", from: "anna", text: "talk nonsense" });
    await eventually("the message", () => heard.messages.length === 1, LONG);
    assert(heard.lines.length > 40 && heard.lines.length <= 62);
    assert(heard.lines.every((line) => line.length <= 500));
  }));

Deno.test("a process that hangs is ended and started again", () =>
  inRoot(async (root) => {
    const patience = { pingEveryMs: 100, aliveMs: 500 };
    await using run = await runPlugin(root, { how: "hangs" }, { patience });
    const { heard } = run;
    await eventually("it is started again", () => starts(heard) > 1, LONG);
    const errors = heard.statuses.map(({ error }) => error);
    assert(errors.includes("The plugin's process does not answer"));
  }));

Deno.test("a start that fails is told without the secret, and tried again", () =>
  inRoot(async (root) => {
    const settings = { how: "throws at the start", botToken: "12345:secret" };
    await using run = await runPlugin(root, settings);
    await eventually("it is told", () => run.channel.status.error !== undefined, LONG);
    const { state, error } = run.channel.status;
    assertEquals([state, error], ["connecting", "the token [secret] is wrong"]);
    await eventually("it is tried again", () => starts(run.heard) > 1, LONG);
    const send = () => run.channel.send("anna", { text: "Hi" }, AbortSignal.timeout(100));
    await assertRejects(send);
  }));

Deno.test("what only the owner can mend is not tried again", () =>
  inRoot(async (root) => {
    await using run = await runPlugin(root, { how: "has no token" });
    await eventually("it has failed", () => run.channel.status.state === "failed", LONG);
    assertEquals(
      run.channel.status.error,
      "The account is not set up; log in with: mesh ocg channels login --channel fake",
    );
    const error = await assertRejects(() => run.channel.send("anna", { text: "Hi" }), MeshError);
    assertEquals(error.code, "unavailable");
  }));

Deno.test("a plugin whose package is gone says so, and how to get it back", () =>
  inRoot(async (root) => {
    const [plugin, heard] = [await installFake(root, "registering.js"), new Listener()];
    await Deno.remove(packagesOf(root, plugin).folder, { recursive: true });
    const channel = new PluginChannel({
      ...{ root, plugin, account: "default", settings: {}, env: () => undefined },
      runtime: denoRuntime(),
    });
    channel.start(heard);
    await eventually("it has failed", () => channel.status.state === "failed", LONG);
    assertEquals(
      channel.status.error,
      'The plugin "@fake/plugin" is not in its place any more ' +
        "(mesh ocg plugins install @fake/plugin)",
    );
    await channel.stop();
  }));

Deno.test("a plugin that needs what this host does not have, is told by name", () =>
  inRoot(async (root) => {
    await using run = await runPlugin(root, { how: "asks for too much" });
    await eventually("it is told", () => run.channel.status.error !== undefined, LONG);
    assertEquals(
      run.channel.status.error,
      'The plugin needs "runtime.channel.telepathy.read", which this host does not have',
    );
  }));

Deno.test("a plugin that does not want to stop is stopped", () =>
  inRoot(async (root) => {
    const run = await runPlugin(root, { how: "ignores the stop" });
    await eventually("connected", () => run.channel.status.state === "running", LONG);
    await run[Symbol.asyncDispose]();
    assertEquals(run.channel.status.state, "stopped");
  }));

Deno.test("the other form of entry, by turns, by the SDK, and with a picture", () =>
  inRoot(async (root) => {
    await using run = await runPlugin(root, {}, { entry: "handing_out.js" });
    const { platform, heard, channel } = run;
    await eventually("both turns", () => platform.confirmed.length === 1, LONG);
    assertEquals(platform.confirmed, ["true true untouched"]);
    assertEquals(heard.messages.map(({ chat, text }) => [chat, text]), [
      ["c2c:anna", "by the runtime"],
      ["c2c:anna", "[image]"],
    ]);
    assertEquals(channel.capabilities.media, true);
  }));

Deno.test("the process sees the way to the network and none of our variables", () =>
  inRoot(async (root) => {
    const all: Record<string, string> = {
      ...{ PATH: Deno.env.get("PATH") ?? "", OCG_API_KEY: "sk-1", HTTPS_PROXY: "http://proxy" },
    };
    const { hostEnvironment } = await import("../../../../lib/ocg/plugins/environment.ts");
    const env = hostEnvironment((name) => all[name], `${root}/own`);
    assertEquals(env.HTTPS_PROXY, "http://proxy");
    assertEquals([env.HOME, env.OPENCLAW_STATE_DIR], [`${root}/own`, `${root}/own`]);
    assert(!JSON.stringify(env).includes("sk-1"));
  }));
