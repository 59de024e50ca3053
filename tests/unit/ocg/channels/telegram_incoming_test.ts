import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readUpdate } from "../../../../lib/ocg/channels/telegram/incoming.ts";

const SELF = { id: 123456, username: "HelperBot" };
const FROM = { id: 42, is_bot: false, first_name: "Ada" };
const GROUP = { id: -1001, type: "supergroup", title: "Team" };

function read(more: object) {
  const message = { message_id: 5, date: 1_700_000_000, from: FROM, chat: GROUP, ...more };
  return readUpdate({ update_id: 1, message }, "default", SELF);
}

function said(text: string, ...entities: object[]) {
  const { addressed, text: kept } = read({ text, entities })!;
  return { addressed, text: kept };
}

Deno.test("in a group only a mention, a command with our name, or an answer to us is for us", () => {
  const plain = (text: string) => ({ addressed: false, text });
  assertEquals(said("hello all"), plain("hello all"));
  assertEquals(said("@helperbot", { type: "mention", offset: 0, length: 10 }), {
    addressed: true,
    text: "@helperbot",
  });
  assertEquals(said("@HelperBot, hi", { type: "mention", offset: 0, length: 10 }), {
    addressed: true,
    text: "hi",
  });
  assertEquals(said("ask @HelperBot", { type: "mention", offset: 4, length: 10 }), {
    addressed: true,
    text: "ask @HelperBot",
  });
  const other = { type: "mention", offset: 0, length: 12 };
  assertEquals(said("@HelperBot_2 hi", other), plain("@HelperBot_2 hi"));
  assertEquals(said("@HelperBot without an entity"), plain("@HelperBot without an entity"));
  assertEquals(said("Helper hi", { type: "text_mention", offset: 0, length: 6, user: SELF }), {
    addressed: true,
    text: "hi",
  });
  assertEquals(said("/ask@HelperBot why", { type: "bot_command", offset: 0, length: 14 }), {
    addressed: true,
    text: "/ask why",
  });
  assertEquals(said("/ask why", { type: "bot_command", offset: 0, length: 4 }), plain("/ask why"));
  const theirs = { type: "bot_command", offset: 0, length: 13 };
  assertEquals(said("/ask@OtherBot why", theirs), plain("/ask@OtherBot why"));
  assertEquals(read({ text: "yes", reply_to_message: { from: SELF } })?.addressed, true);
  assertEquals(read({ text: "yes", reply_to_message: { from: FROM } })?.addressed, false);
});

Deno.test("a topic is a chat of its own, and its first message is not an answer to us", () => {
  const reply_to_message = { from: SELF, forum_topic_created: { name: "News" } };
  const message = read({
    text: "x",
    is_topic_message: true,
    message_thread_id: 9,
    reply_to_message,
  });
  assertEquals([message?.chat, message?.kind, message?.addressed], [
    "-1001:topic:9",
    "thread",
    false,
  ]);
  // A thread of answers in a group without topics is no chat of its own.
  assertEquals(read({ text: "x", message_thread_id: 9 })?.chat, "-1001");
});

Deno.test("captions are texts, and what is no text is described", () => {
  const photo = [{ file_id: "x" }];
  const caption_entities = [{ type: "mention", offset: 0, length: 10 }];
  const captioned = read({ photo, caption: "@HelperBot what is this?", caption_entities });
  assertEquals([captioned?.text, captioned?.addressed], ["what is this?\n[photo]", true]);
  const texts = [
    { voice: { duration: 12 } },
    { document: { file_name: "a\nb.pdf", file_size: 1500 } },
    { animation: {}, document: {} },
    { sticker: { emoji: "👍" } },
    { location: { latitude: 48.1, longitude: 11.5 } },
    { poll: { question: "When?", options: [{ text: "now" }, { text: "later" }] } },
    { contact: { first_name: "Bo", phone_number: "+1" } },
  ].map((more) => read(more)?.text);
  assertEquals(texts, [
    "[voice message, 12 s]",
    '[document "a b.pdf", 2 KiB]',
    "[animation]",
    "[sticker 👍]",
    "[location 48.1, 11.5]",
    '[poll "When?": now, later]',
    '[contact "Bo", +1]',
  ]);
});

Deno.test("notices, other bots and edits are no messages", () => {
  assertEquals(read({ new_chat_members: [FROM] }), undefined);
  assertEquals(read({ text: "x", from: { ...FROM, is_bot: true } }), undefined);
  assertEquals(read({ text: "x", from: undefined }), undefined);
  const message = { message_id: 5, date: 1, from: FROM, chat: GROUP, text: "x" };
  assertEquals(readUpdate({ update_id: 1, edited_message: message }, "default", SELF), undefined);
});

Deno.test("who writes in the name of a group has the group's id", () => {
  const from = { id: 1087968824, is_bot: true, first_name: "Group" };
  assertEquals(read({ text: "x", from, sender_chat: GROUP })?.sender, {
    id: "-1001",
    name: "Team",
  });
});

Deno.test("an update of any shape is read or passed over", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.object(), (update, parts) => {
    readUpdate(update, "default", SELF);
    readUpdate(
      { message: { from: FROM, chat: GROUP, date: 1, message_id: 1, ...parts } },
      "a",
      SELF,
    );
    for (
      const key of ["text", "entities", "chat", "photo", "poll", "contact", "reply_to_message"]
    ) {
      read({ text: "x", [key]: update });
    }
  }));
});
