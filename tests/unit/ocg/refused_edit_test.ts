import { assertEquals } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, runGateway, streamed, until } from "./fakes.ts";

Deno.test("an answer whose beginning can no longer be changed is said anew, and counts as answered", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["Hello", " there", ", Anna"], 60));
  await using running = await runGateway(root.path, { agentUrl: agent.url });
  const { channel, events } = running;
  channel.failing = (what) => {
    if (what === "edit") throw new MeshError("refused", "message to edit not found");
  };
  await channel.write("1", "a", "hi");
  await until(() => events.some(({ type }) => type === "answered" || type === "undelivered"));
  assertEquals(channel.texts("1").at(-1), "Hello there, Anna");
  assertEquals(events.filter(({ type }) => type === "undelivered"), []);
});

Deno.test("what an earlier attempt has left over may stay where it cannot be changed", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["short"]));
  await using running = await runGateway(root.path, { agentUrl: agent.url }, EDITING);
  const { channel, state, events } = running;
  const at = new Date().toISOString();
  const messages = await state.messages({ channel: "fake", account: "default", chat: "1" });
  const first = await channel.send("1", { text: "old" });
  await messages.create("a", {
    channel: "fake",
    account: "default",
    chat: "1",
    id: "a",
    kind: "direct",
    sender: { id: "u1", name: "Anna" },
    text: "hi",
    sentAt: at,
    receivedAt: at,
    state: "waiting",
    sent: [{ ...first, final: false }, { id: "gone", final: false }],
  });
  channel.failing = (what, text) => {
    if (what === "edit" && text === "…") throw new MeshError("refused", "too old");
  };
  await channel.write("1", "a", "hi");
  await until(() => events.some(({ type }) => type === "answered" || type === "undelivered"));
  assertEquals(channel.texts("1"), ["short"]);
  assertEquals((await messages.get("a"))?.state, "answered");
});
