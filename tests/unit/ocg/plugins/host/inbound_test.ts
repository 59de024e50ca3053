import { assert, assertEquals, assertThrows } from "@std/assert";
import { readContext, withoutChannel } from "../../../../../lib/ocg/plugins/host/inbound.ts";

const CONTEXT = {
  From: "qqbot:c2c:ANNA",
  OriginatingTo: "qqbot:c2c:ANNA",
  SenderId: "ANNA",
  SenderName: "Anna",
  Body: "[QQ Anna 12:00] Hello",
  RawBody: "Hello",
  MessageSid: "42",
  ChatType: "direct",
  Timestamp: 1_790_000_000_000,
};

Deno.test("a context becomes a message, with the plugin's own address kept", () => {
  assertEquals(readContext(CONTEXT, "qqbot"), {
    to: "qqbot:c2c:ANNA",
    message: {
      ...{ id: "42", chat: "c2c:ANNA", kind: "direct", text: "Hello", addressed: true },
      sender: { id: "ANNA", name: "Anna" },
      sentAt: 1_790_000_000_000,
    },
  });
});

Deno.test("what was written is taken from the first field that has something", () => {
  const textOf = (fields: object) =>
    readContext({ ...CONTEXT, RawBody: undefined, ...fields }, "qqbot").message.text;
  assertEquals(textOf({ CommandBody: "/help", BodyForAgent: "help him" }), "/help");
  assertEquals(textOf({ RawBody: " \n", BodyForAgent: "help him" }), "help him");
  assertEquals(textOf({}), "[QQ Anna 12:00] Hello");
  assertEquals(textOf({ Body: "", MediaPath: "/tmp/x", MediaType: "audio/ogg" }), "[audio]");
  assertEquals(textOf({ Body: "", MediaPath: "/tmp/x" }), "[file]");
  assertEquals(textOf({ Body: "" }), "");
  assertEquals(textOf({ RawBody: "x".repeat(200_000) }).length, 100_000);
});

Deno.test("groups and threads are told apart, and whether the bot was meant", () => {
  const kindOf = (fields: object) => {
    const { kind, addressed } = readContext({ ...CONTEXT, ...fields }, "qqbot").message;
    return [kind, addressed];
  };
  assertEquals(kindOf({ ChatType: "group", WasMentioned: false }), ["group", false]);
  assertEquals(kindOf({ ChatType: "channel", WasMentioned: true }), ["group", true]);
  assertEquals(kindOf({ ChatType: "group", MessageThreadId: 7 }), ["thread", true]);
  assertEquals(kindOf({ ChatType: undefined, WasMentioned: false }), ["direct", true]);
});

Deno.test("a message without an id has the same one when it comes again", () => {
  const first = readContext({ ...CONTEXT, MessageSid: undefined }, "qqbot").message.id;
  const again = readContext({ ...CONTEXT, MessageSid: undefined }, "qqbot").message.id;
  const other = readContext({ ...CONTEXT, MessageSid: undefined, RawBody: "Hi" }, "qqbot").message;
  assertEquals(first, again);
  assert(other.id !== first);
  assertEquals(readContext({ ...CONTEXT, MessageSidFull: 9 }, "qqbot").message.id, "9");
});

Deno.test("nonsense is refused, and odd values are made the best of", () => {
  for (const value of [undefined, null, 7, {}, { From: "" }]) {
    assertThrows(() => readContext(value, "qqbot"), Error, "a message from nowhere");
  }
  for (const Timestamp of ["yesterday", -1, NaN, 1e300, {}]) {
    const { sentAt } = readContext({ ...CONTEXT, Timestamp }, "qqbot").message;
    assert(Math.abs(sentAt - Date.now()) < 60_000);
  }
  assertEquals(withoutChannel("qqbot", "qqbot"), "qqbot");
});
