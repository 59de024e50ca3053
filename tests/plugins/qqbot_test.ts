/** The real plugin for QQ, on a platform of the test. Runs by `deno task test:plugins`. */
import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../lib/error.ts";
import { eventually } from "../e2e/eventually.ts";
import { namedFolder } from "./folder.ts";
import { QqServer } from "./qq_server.ts";
import { LONG, Scene, stateDirectory } from "./scene.ts";

const ignore = namedFolder() === undefined;

/** As ids of people are there. */
const ANNA = "0123456789ABCDEF0123456789ABCDEF";

function optionsFor(server: QqServer) {
  const detour = new URL("./detour.mjs", import.meta.url);
  detour.searchParams.set("to", server.url);
  const settings = { appId: "102030", clientSecret: "a-client-secret" };
  return { channel: "qqbot", settings, before: [detour.href] };
}

Deno.test({
  name: "qqbot: a question is answered as an answer to it, also after a restart in between",
  ignore,
  async fn() {
    await using server = new QqServer();
    await using scene = await Scene.set(await stateDirectory(), optionsFor(server));
    const first = server.write(ANNA, "Is it raining?");
    await eventually("the answer", () => server.sent.length === 1, LONG);
    assertEquals(scene.asked, ["Is it raining?"]);
    const path = `/v2/users/${ANNA}/messages`;
    assertEquals(server.sent, [{ path, text: "You said: Is it raining?", msgId: first }]);

    const { promise, resolve } = Promise.withResolvers<string>();
    scene.answer = () => promise;
    const second = server.write(ANNA, "And tomorrow?");
    await eventually("it is asked", () => scene.asked.length === 2, LONG);
    await scene.down();
    resolve("Only in Bergen.");
    await scene.up();
    await eventually("the second answer", () => server.sent.length === 2, LONG);
    assertEquals(server.sent[1], { path, text: "Only in Bergen.", msgId: second });
  },
});

Deno.test({
  name: "qqbot: the owner can write first, and a failure of the platform is one here",
  ignore,
  async fn() {
    await using server = new QqServer();
    await using scene = await Scene.set(await stateDirectory(), optionsFor(server));
    const address = { channel: "qqbot", account: "default", chat: `c2c:${ANNA}` };
    const send = (text: string) => scene.gateway.send(address, { text }, AbortSignal.timeout(LONG));
    assertEquals((await send("Good morning")).id, "sent-1");
    assertEquals(server.sent[0]?.msgId, undefined);
    server.failing = { status: 400, message: "no such user" };
    const error = await assertRejects(() => send("Anybody?"), MeshError, "no such user");
    assertEquals(error.code, "unavailable");
  },
});
