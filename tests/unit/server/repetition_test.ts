import { assertEquals } from "@std/assert";
import { readInbox } from "../../../lib/mesh/inbox.ts";
import { documentCodec } from "../../../lib/store/document_codec.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { forged, Stranger, testNode, trust } from "../mesh/parties.ts";
import { assertRefused, MESSAGE, serve } from "./served.ts";

const HOUR = 3_600_000;

Deno.test("a message that comes again is acknowledged and nothing else, however late", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message();
  const first = await served.post(MESSAGE, document);
  me.clock.pass(HOUR);
  const second = await served.post(MESSAGE, document);
  assertEquals([first.status, second.status], [200, 200]);
  assertEquals(second.json.result.ack.status, "received");
  assertEquals(served.told.messages.length, 1);
  assertEquals((await readInbox(me.node.state)).length, 1);
});

Deno.test("a repetition does not prove that its sender is up", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message();
  for (let i = 0; i < 3; i++) await served.post(MESSAGE, document);
  assertEquals(served.told.heardFrom, ["stan"]);
});

Deno.test("a restart forgets nothing", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  const document = stan.message();
  {
    await using served = await serve(me.node);
    assertEquals((await served.post(MESSAGE, document)).status, 200);
  }
  await using served = await serve(await me.again());
  assertEquals((await served.post(MESSAGE, document)).status, 200);
  assertEquals(served.told.messages, []);
  assertEquals((await readInbox(me.node.state)).length, 1);
});

Deno.test("a sender that tries again signs a new time: same id, same content, acknowledged", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message();
  await served.post(MESSAGE, document);
  me.clock.pass(HOUR);
  const again = stan.sign(forged(document, { timestamp: me.clock.now().toISOString() }));
  assertEquals((await served.post(MESSAGE, again)).status, 200);
  assertEquals(served.told.messages.length, 1);
  const [stored] = await readInbox(me.node.state);
  assertEquals(stored?.message.timestamp, document.get("timestamp"));
});

Deno.test("the same id with other content is refused, and the first stays", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message();
  await served.post(MESSAGE, document);
  const changes = [{ body: { text: "bye" } }, { more: 1 }, { body: { text: "hello", n: 1 } }];
  for (const change of changes) {
    const answer = await served.post(MESSAGE, stan.sign(forged(document, change)));
    assertRefused(answer, 409, "id_reused", me.root);
  }
  const [stored, ...others] = await readInbox(me.node.state);
  assertEquals([stored?.message.body, others], [{ text: "hello" }, []]);
});

Deno.test("a forged repetition is refused like any forgery", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const mallory = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message();
  await served.post(MESSAGE, document);
  const answer = await served.post(MESSAGE, mallory.sign(document));
  assertRefused(answer, 401, "bad_signature", me.root);
});

Deno.test("100 at once to two daemons on one root: stored once, told once, all acknowledged", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using one = await serve(me.node);
  await using two = await serve(await me.again());
  const document = stan.message();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? one : two).post(MESSAGE, document)),
  );
  assertEquals(answers.filter(({ status }) => status !== 200), []);
  assertEquals([...one.told.messages, ...two.told.messages], [document.get("message_id")]);
  assertEquals((await readInbox(me.node.state)).length, 1);
});

Deno.test("two contents under one id at once: one is stored, only it is acknowledged", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using one = await serve(me.node);
  await using two = await serve(await me.again());
  const yes = stan.message({ body: { text: "yes" } });
  const no = stan.sign(forged(yes, { body: { text: "no" } }));
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const { status } = await (i % 4 < 2 ? one : two).post(MESSAGE, i % 2 ? yes : no);
      return { said: i % 2 ? "yes" : "no", status };
    }),
  );
  const [stored] = await readInbox(me.node.state);
  const { text } = stored!.message.body as { text: string };
  for (const { said, status } of answers) assertEquals(status, said === text ? 200 : 409);
  assertEquals(one.told.messages.length + two.told.messages.length, 1);
});

Deno.test("a message that the Python original stored is known", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  const document = stan.message();
  const folder = `${me.root}/messages/incoming`;
  await Deno.mkdir(folder, { recursive: true });
  const path = `${folder}/${document.get("message_id")}.json`;
  await Deno.writeTextFile(path, documentCodec.print(document));
  await using served = await serve(me.node);
  assertEquals((await served.post(MESSAGE, document)).status, 200);
  assertEquals(served.told.messages, []);
  assertEquals((await readInbox(me.node.state)).length, 1);
  const other = stan.sign(forged(document, { body: { text: "bye" } }));
  assertRefused(await served.post(MESSAGE, other), 409, "id_reused", me.root);
});

Deno.test("a message that the Python original stored does not take its id from another sender", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  await trust(me.node, anna);
  await me.node.state.messagesIn.create("msg_1", stan.message({ message_id: "msg_1" }));
  await using served = await serve(me.node);
  const document = anna.message({ message_id: "msg_1" });
  assertEquals((await served.post(MESSAGE, document)).status, 200);
  assertEquals((await readInbox(me.node.state, { from: "anna" })).length, 1);
});

Deno.test("a stored message that somebody spoilt does not block its id", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message();
  await served.post(MESSAGE, document);
  const [{ recordId } = { recordId: "" }] = await readInbox(me.node.state);
  const path = `${me.root}/messages/incoming/${recordId}.json`;
  await Deno.writeTextFile(path, "{");
  await Deno.utime(path, 1, 1);
  assertEquals((await served.post(MESSAGE, document)).status, 200);
  const [stored] = await readInbox(me.node.state);
  assertEquals(stored?.document, parseJson(documentCodec.print(document)));
});
