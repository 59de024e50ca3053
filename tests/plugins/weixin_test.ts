/** The real plugin for Weixin, on a platform of the test. Runs by `deno task test:plugins`. */
import { assert, assertEquals } from "@std/assert";
import { pluginLogin } from "../../lib/ocg/plugins/registry.ts";
import { eventually } from "../e2e/eventually.ts";
import { namedFolder } from "./folder.ts";
import { LONG, runtimeFor, Scene, stateDirectory } from "./scene.ts";
import { WeixinServer } from "./weixin_server.ts";

const ignore = namedFolder() === undefined;
const ALICE = "alice@im.wechat";

/** Somebody has scanned the code. */
async function loggedIn(server: WeixinServer, userId?: string): Promise<string> {
  const root = await stateDirectory();
  const folder = `${root}/ocg/plugins/state/openclaw-weixin/default/openclaw-weixin`;
  await Deno.mkdir(`${folder}/accounts`, { recursive: true });
  await Deno.writeTextFile(`${folder}/accounts.json`, '["0123-im-bot"]');
  const account = { token: "a-token", baseUrl: server.url, ...userId ? { userId } : {} };
  await Deno.writeTextFile(`${folder}/accounts/0123-im-bot.json`, JSON.stringify(account));
  return root;
}

Deno.test({
  name: "weixin: a question is answered in its conversation, also after a restart in between",
  ignore,
  async fn() {
    await using server = new WeixinServer();
    await using scene = await Scene.set(await loggedIn(server, ALICE), {
      channel: "openclaw-weixin",
    });
    const first = server.write(ALICE, "Is it raining?");
    await eventually("the answer", () => server.sent.length === 1, LONG);
    assertEquals(scene.asked, ["Is it raining?"]);
    const answer = { to: ALICE, text: "You said: Is it raining?", contextToken: first };
    assertEquals(server.sent, [answer]);

    const { promise, resolve } = Promise.withResolvers<string>();
    scene.answer = () => promise;
    const second = server.write(ALICE, "And tomorrow?");
    await eventually("it is asked", () => scene.asked.length === 2, LONG);
    await scene.down();
    resolve("Only in Bergen.");
    await scene.up();
    await eventually("the second answer", () => server.sent.length === 2, LONG);
    assertEquals(server.sent[1], { to: ALICE, text: "Only in Bergen.", contextToken: second });

    const address = { channel: "openclaw-weixin", account: "default", chat: ALICE };
    await scene.gateway.send(address, { text: "Good night" }, AbortSignal.timeout(LONG));
    assertEquals(server.sent[2], { to: ALICE, text: "Good night", contextToken: second });
  },
});

Deno.test({
  name: "weixin: an agent that is slow in one chat holds up no other",
  ignore,
  async fn() {
    await using server = new WeixinServer();
    // The plugin lets nobody in but the person who has scanned the code, if it knows who that was.
    const root = await loggedIn(server);
    await using scene = await Scene.set(root, { channel: "openclaw-weixin" });
    const { promise, resolve } = Promise.withResolvers<string>();
    scene.answer = (question) => question === "Slow" ? promise : "Quick";
    server.write(ALICE, "Slow");
    await eventually("it is asked", () => scene.asked.length === 1, LONG);
    server.write("bob@im.wechat", "Hello");
    await eventually("the other's answer", () => server.sent.length === 1, LONG);
    resolve("Done");
    await eventually("both answers", () => server.sent.length === 2, LONG);
    assertEquals(server.sent.map(({ to, text }) => [to, text]), [
      ["bob@im.wechat", "Quick"],
      [ALICE, "Done"],
    ]);
  },
});

Deno.test({
  name: "weixin: somebody scans a code, and can talk",
  ignore,
  async fn() {
    await using server = new WeixinServer();
    const root = await stateDirectory();
    const detour = new URL("./detour.mjs", import.meta.url);
    detour.searchParams.set("to", server.url);
    const codes: string[] = [];
    const said: string[] = [];
    await pluginLogin(root, "openclaw-weixin", {
      onQr: (code) => codes.push(code),
      onStatus: (text) => said.push(text),
      runtime: await runtimeFor(root, [detour.href]),
    });
    assertEquals(codes, ["https://weixin.example/scan"]);
    assert(said.length > 0);
    await using scene = await Scene.set(root, { channel: "openclaw-weixin" });
    server.write(ALICE, "Here I am");
    await eventually("the answer", () => server.sent.length === 1, LONG);
    assertEquals(server.sent[0]?.text, "You said: Here I am");
    assertEquals(scene.asked, ["Here I am"]);
  },
});
