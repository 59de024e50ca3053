import { assert, assertEquals } from "@std/assert";
import { Outbox } from "../../../lib/delivery/outbox.ts";
import { retryPolicy } from "../../../lib/delivery/retry_policy.ts";
import { incomingMessageOf } from "../../../lib/ogp/incoming.ts";
import { receiveOgpMessage } from "../../../lib/ogp/intake.ts";
import { ogpCarriers } from "../../../lib/ogp/message_carriers.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { outgoingMessageOf } from "../../../lib/ogp/outgoing_record.ts";
import { befriend, messageTo, signedBody, stranger, testGateway } from "./gateways.ts";

/** So many arrays in one another, which is as text what a peer may send. */
function nested(depth: number, inner = ""): string {
  return "[".repeat(depth) + inner + "]".repeat(depth);
}

Deno.test("a message whose text nests as deep as it may is stored once, and can be read", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const payload = { deep: JSON.parse(nested(62)) };
  const message = messageTo(gateway, stan, { nonce: "deep", payload });
  const body = signedBody(stan, message, { changes: { message: undefined } });
  const states = [];
  for (let n = 0; n < 3; n++) states.push((await receiveOgpMessage(gateway.node, body)).state);
  assertEquals(states, ["new", "known", "known"]);
  const { entries } = await gateway.node.state.messagesIn.list();
  assertEquals(entries.map((entry) => incomingMessageOf(entry)?.payload), [payload]);
});

Deno.test("a message that would be many times as long with an indent is stored all the same", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const payload = { deep: JSON.parse(nested(55, Array(60_000).fill(1).join())) };
  const body = signedBody(stan, messageTo(gateway, stan, { nonce: "wide", payload }), {
    changes: { message: undefined },
  });
  assertEquals((await receiveOgpMessage(gateway.node, body)).state, "new");
  assertEquals((await receiveOgpMessage(gateway.node, body)).state, "known");
});

Deno.test("whatever a peer answers, what it took is settled, and our record can still be read", async (t) => {
  const answers: [string, (nonce: string) => BodyInit][] = [
    ["deep", () => `{"received":true,"deep":${nested(63)}}`],
    ["deep and wide", (nonce) => {
      const deep = nested(61, Array(1_000_000).fill(1).join());
      return `{"success":true,"nonce":"${nonce}","response":{"received":true,"deep":${deep}}}`;
    }],
    ["no UTF-8", (nonce) => {
      const [begin, end] = [`{"success":true,"nonce":"${nonce}","response":{"x":"`, '"}}'];
      return new Blob([begin, new Uint8Array(1_900_000).fill(0xff), end]);
    }],
  ];
  for (const [what, answer] of answers) {
    await t.step(what, async () => {
      await using gateway = await testGateway();
      let nonce = "";
      await using server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen() {} },
        async (request) => {
          await request.arrayBuffer();
          return new Response(answer(nonce));
        },
      );
      const peer = await befriend(gateway, stranger(), {
        gatewayUrl: `http://127.0.0.1:${server.addr.port}`,
      });
      const { node } = gateway;
      const outbox = new Outbox({
        store: node.state.store,
        entries: node.state.outbox,
        failed: node.state.failed,
        policy: retryPolicy(),
        carriers: ogpCarriers(node),
        now: node.now,
      });
      nonce = crypto.randomUUID();
      const message = { intent: "message", payload: { text: "hello" }, nonce };
      const { attempt } = await sendOgpMessage(node, outbox, peer, message);
      assertEquals(attempt.state, "accepted");
      const record = await node.state.messagesOut.get(nonce);
      assert(record);
      assertEquals(outgoingMessageOf(nonce, record).receipt.state, "accepted");
      assertEquals(await node.state.outbox.ids(), []);
      const { size } = await Deno.stat(`${gateway.root}/ogp/messages/outgoing/${nonce}.json`);
      // A reply of the largest size must still find room beside it.
      assert(size < 3 * 1024 * 1024, `${size}`);
    });
  }
});
