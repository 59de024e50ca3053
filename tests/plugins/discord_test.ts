/**
 * OpenClaw's own plugin for Discord, which uses its whole runtime, on a platform of the test. Runs by
 * `deno task test:plugins`.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../e2e/eventually.ts";
import { DiscordServer } from "./discord_server.ts";
import { namedFolder } from "./folder.ts";
import { LONG, Scene, stateDirectory } from "./scene.ts";

Deno.test({
  name: "discord: a question is answered, and no commands of OpenClaw's are offered",
  ignore: namedFolder() === undefined,
  async fn() {
    await using server = new DiscordServer();
    const { discord } = server;
    const detour = new URL("./detour.mjs", import.meta.url);
    detour.searchParams.set("to", server.url);
    await using scene = await Scene.set(await stateDirectory(), {
      channel: "discord",
      settings: { token: discord.token, plugin: true },
      before: [detour.href],
    });
    discord.say("Is it raining?", { channel_type: 1 });
    await eventually("the answer", () => discord.of("POST", /messages$/).length === 1, LONG);
    assertEquals(scene.asked, ["Is it raining?"]);
    const [{ path, body } = { path: "", body: {} }] = discord.of("POST", /messages$/);
    const { content } = body as { content?: string };
    assertEquals([path, content], ["/channels/500/messages", "You said: Is it raining?"]);
    assertEquals(discord.of("POST", /commands/), []);
  },
});
