import { assertEquals } from "@std/assert";
import { readInbox } from "../../../lib/mesh/inbox.ts";
import { receiveMessage } from "../../../lib/mesh/messages.ts";
import { bytesOf, Stranger, type TestNode, testNode, trust } from "./parties.ts";

/** Stores messages straight into the folder, a second apart, alternating between two senders. */
async function fill(me: TestNode, count: number): Promise<void> {
  const senders = [await Stranger.named("anna"), await Stranger.named("stan")];
  const inbox = me.node.state.messagesIn;
  for (let i = 0; i < count; i++) {
    const id = `msg_${String(i).padStart(4, "0")}`;
    const message = senders[i % 2]!.message({ message_id: id, body: { text: String(i) } });
    await Deno.mkdir(`${me.root}/messages/incoming`, { recursive: true });
    const path = `${me.root}/messages/incoming/${id}.json`;
    await Deno.writeTextFile(path, JSON.stringify(message));
    await Deno.utime(path, 1_700_000_000 + i, 1_700_000_000 + i);
  }
  assertEquals((await inbox.ids()).length, count);
}

Deno.test("messages come oldest first, whole or in part", async (t) => {
  await using me = await testNode();
  await fill(me, 450);
  const read = async (filter: Parameters<typeof readInbox>[1]) =>
    (await readInbox(me.node.state, filter)).map(({ message }) =>
      Number(message.message_id.slice(4))
    );
  const range = (from: number, to: number, step = 1) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
  const at = (i: number) => new Date((1_700_000_000 + i) * 1000);

  await t.step("all", async () => assertEquals(await read({}), range(0, 450)));
  await t.step("the newest", async () => {
    for (const limit of [1, 3, 200, 201, 449]) {
      assertEquals(await read({ limit }), range(450 - limit, 450));
    }
    assertEquals(await read({ limit: 1000 }), range(0, 450));
  });
  await t.step("of one sender, though others wrote more", async () => {
    assertEquals(await read({ from: "stan", limit: 3 }), [445, 447, 449]);
    assertEquals(await read({ from: "stan" }), range(1, 450, 2));
    assertEquals(await read({ from: "nobody", limit: 3 }), []);
  });
  await t.step("since a time, which itself belongs to it", async () => {
    assertEquals(await read({ since: at(447) }), [447, 448, 449]);
    assertEquals(await read({ since: at(100) }), range(100, 450));
    assertEquals(await read({ since: at(500) }), []);
    assertEquals(await read({ since: at(440), from: "anna", limit: 2 }), [446, 448]);
  });
});

Deno.test("what is no message is left out, and the rest is there", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  await trust(me.node, stan);
  await receiveMessage(me.node, bytesOf(stan.message({ message_id: "msg_1" })));
  const folder = `${me.root}/messages/incoming`;
  await Deno.writeTextFile(`${folder}/ack.json`, '{"type":"ack"}');
  await Deno.writeTextFile(`${folder}/list.json`, "[]");
  await Deno.writeTextFile(`${folder}/note.txt`, "hello");
  await Deno.writeTextFile(`${folder}/half.json`, '{"type":');
  await Deno.utime(`${folder}/half.json`, 1, 1);
  const messages = await readInbox(me.node.state, { limit: 5 });
  assertEquals(messages.map(({ message }) => message.message_id), ["msg_1"]);
});
