import {
  assert,
  assertEquals,
  assertFalse,
  assertGreaterOrEqual,
  assertRejects,
} from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import type { TelegramOptions } from "../../../../lib/ocg/channels/telegram/options.ts";
import { TelegramChannel } from "../../../../lib/ocg/channels/telegram/telegram.ts";
import { eventually, pause } from "../../../e2e/eventually.ts";
import { FakeTelegram } from "../../../fakes/telegram_api.ts";
import { Listener } from "./listener.ts";

const QUICK = { firstMs: 20, mostMs: 80 };

function channelTo(fake: FakeTelegram, more: Partial<TelegramOptions> = {}): TelegramChannel {
  return new TelegramChannel({
    account: "default",
    botToken: fake.token,
    apiRoot: fake.apiRoot,
    pollSeconds: 2,
    backoff: QUICK,
    ...more,
  });
}

/** Runs a started channel against a fake server, and ends both. */
async function running(
  work: (fake: FakeTelegram, channel: TelegramChannel, listener: Listener) => Promise<void>,
  more: Partial<TelegramOptions> = {},
): Promise<void> {
  const fake = await FakeTelegram.start();
  const channel = channelTo(fake, more);
  const listener = new Listener();
  try {
    channel.start(listener);
    await eventually("running", () => channel.status.state === "running");
    await work(fake, channel, listener);
  } finally {
    await channel.stop();
    await fake.close();
  }
}

Deno.test("a person's message arrives with all that is known of it", async () => {
  await running(async (fake, channel, listener) => {
    assertEquals(channel.status.self, "@HelperBot");
    const id = fake.say("hello");
    await eventually("the message", () => listener.messages.length === 1);
    const { sentAt, ...message } = listener.messages[0]!;
    assert(Math.abs(Date.now() - sentAt.getTime()) < 10_000);
    assertEquals(message, {
      channel: "telegram",
      account: "default",
      chat: "42",
      id: String(id),
      kind: "direct",
      sender: { id: "42", name: "Ada L" },
      text: "hello",
      addressed: true,
    });
  });
});

Deno.test("an update is confirmed only when it is safe, and comes again if it was not", async () => {
  await running(async (fake, channel, listener) => {
    let failures = 2;
    listener.before = () => {
      if (failures-- > 0) throw new MeshError("disk_full", "The disk is full");
    };
    fake.say("one");
    fake.say("two");
    await eventually("both", () => listener.messages.length === 2);
    assertEquals(listener.texts, ["one", "two"]);
    assert(listener.saw("connecting", "The disk is full"));
    await eventually("confirmation", () => fake.pending === 0);
    await eventually("running again", () => channel.status.state === "running");
  });
});

Deno.test("what was not confirmed when the program died comes again, and nothing else", async () => {
  const fake = await FakeTelegram.start();
  const first = channelTo(fake);
  const second = channelTo(fake);
  const dying = new Listener();
  const next = new Listener();
  try {
    const hang = Promise.withResolvers<void>();
    // Dies while the third message is on its way to the disk.
    dying.before = ({ text }) => text === "three" ? hang.promise : undefined;
    fake.say("one");
    first.start(dying);
    await eventually("the first", () => dying.messages.length === 1);
    await eventually("its confirmation", () => fake.pending === 0);
    fake.say("two");
    fake.say("three");
    await eventually("the second", () => dying.messages.length === 2);
    second.start(next);
    await eventually("the rest", () => next.messages.length === 2);
    assertEquals(next.texts, ["two", "three"]);
    assertEquals(next.messages[0]!.id, dying.messages[1]!.id);
    hang.resolve();
  } finally {
    await Promise.all([first.stop(), second.stop()]);
    await fake.close();
  }
});

Deno.test("an orderly stop confirms what came last, so that a restart sees nothing twice", async () => {
  const fake = await FakeTelegram.start();
  try {
    for (const text of ["one", "two"]) {
      const channel = channelTo(fake);
      const listener = new Listener();
      channel.start(listener);
      fake.say(text);
      await eventually(text, () => listener.messages.length > 0);
      await channel.stop();
      assertEquals(listener.texts, [text]);
      assertEquals(channel.status.state, "stopped");
      assertEquals(fake.pending, 0);
    }
  } finally {
    await fake.close();
  }
});

Deno.test("a second poller is named in the status, and its end is noticed", async () => {
  await running(async (fake, channel, listener) => {
    const ask = () =>
      fetch(`${fake.apiRoot}/bot${fake.token}/getUpdates`, {
        method: "POST",
        body: JSON.stringify({ timeout: 0, offset: -1 }),
      }).then((response) => response.body?.cancel());
    await eventually("the conflict", async () => {
      await ask();
      return listener.saw("connecting", "Another program takes this bot's messages");
    });
    await eventually("running again", () => channel.status.state === "running");
    fake.say("still here");
    await eventually("the message", () => listener.messages.length === 1);
  });
});

Deno.test("trouble of every kind passes, and no message is lost in it", async () => {
  await running(async (fake, channel, listener) => {
    fake.trouble(
      "getUpdates",
      { html: 502 },
      "cut",
      { status: 500, description: "Internal Server Error" },
      {
        status: 429,
        description: "Too Many Requests: retry after 1",
        parameters: { retry_after: 1 },
      },
    );
    fake.say("one");
    fake.say("two");
    await eventually("both", () => listener.messages.length === 2);
    await eventually("the troubles", () => listener.saw("connecting", "wait for 1 s"));
    fake.say("three");
    await eventually("the third", () => listener.messages.length === 3);
    assertEquals(listener.texts, ["one", "two", "three"]);
    assertEquals(channel.status.state, "running");
  });
});

Deno.test("a server that is gone for a while is found again", async () => {
  await running(async (fake, channel, listener) => {
    await fake.close();
    await eventually("the loss", () => channel.status.state === "connecting");
    assert(listener.saw("connecting", "Cannot reach Telegram"));
    fake.say("meanwhile");
    await fake.listen();
    await eventually("the message", () => listener.messages.length === 1);
    await eventually("running again", () => channel.status.state === "running");
    assertFalse(JSON.stringify(listener.statuses).includes(fake.token));
  });
});

Deno.test("a wrong token ends in the status failed, and is not tried again", async () => {
  const fake = await FakeTelegram.start();
  const channel = channelTo(fake, { botToken: "1:wrong" });
  const listener = new Listener();
  try {
    channel.start(listener);
    await eventually("the failure", () => channel.status.state === "failed");
    assertEquals(channel.status.error, "Telegram refuses the bot's token");
    await pause(100);
    assertEquals(listener.statuses.map(({ state }) => state), ["connecting", "failed"]);
    await assertRejects(
      () => channel.send("42", { text: "x" }),
      MeshError,
      "refuses the bot's token",
    );
  } finally {
    await channel.stop();
    await fake.close();
  }
});

Deno.test("a webhook that was set before is taken away, or nothing would arrive", async () => {
  const fake = await FakeTelegram.start();
  fake.webhook = { url: "https://elsewhere.example" };
  const channel = channelTo(fake);
  const listener = new Listener();
  try {
    channel.start(listener);
    fake.say("hello");
    await eventually("the message", () => listener.messages.length === 1);
  } finally {
    await channel.stop();
    await fake.close();
  }
});

Deno.test("texts go out formatted, as answers, and are edited", async () => {
  await running(async (fake, channel) => {
    const sent = await channel.send("42", { text: "**Hi** `x`", replyTo: "7" });
    assertEquals(fake.of("sendMessage")[0]!.fields, {
      chat_id: 42,
      text: "Hi x",
      entities: [{ type: "bold", offset: 0, length: 2 }, { type: "code", offset: 3, length: 1 }],
      reply_parameters: { message_id: 7, allow_sending_without_reply: true },
    });
    await channel.edit("42", sent, "Hi there");
    assertEquals(fake.texts.get(`42/${sent.id}`), "Hi there");
    await channel.edit("42", sent, "Hi there");
    await assertRejects(
      () => channel.edit("42", { id: "1" }, "x"),
      MeshError,
      "message to edit not found",
    );
    await channel.typing("-100:topic:5");
    assertEquals(fake.of("sendChatAction")[0]!.fields, {
      chat_id: -100,
      message_thread_id: 5,
      action: "typing",
    });
  });
});

Deno.test("a text waits as long as Telegram asks, and a long wait is the caller's affair", async () => {
  await running(async (fake, channel) => {
    const later = (retry_after: number) => ({
      status: 429,
      description: `Too Many Requests: retry after ${retry_after}`,
      parameters: { retry_after },
    });
    fake.trouble("sendMessage", later(1));
    await channel.send("42", { text: "patient" });
    const [first, second] = fake.of("sendMessage");
    assertGreaterOrEqual(second!.at - first!.at, 950);
    fake.trouble("sendMessage", later(3600));
    const error = await assertRejects(() => channel.send("42", { text: "x" }), MeshError);
    assertEquals([error.code, error.retryAfter], ["rate_limited", 3600]);
  });
});

Deno.test("what cannot be sent says whether it may work later", async () => {
  await running(async (fake, channel) => {
    const code = async (chat: string, text: string) =>
      (await assertRejects(() => channel.send(chat, { text }), MeshError)).code;
    fake.trouble("sendMessage", {
      status: 403,
      description: "Forbidden: bot was blocked by the user",
    });
    assertEquals(await code("1", "x"), "refused");
    fake.trouble("sendMessage", { html: 502 });
    assertEquals(await code("2", "x"), "unavailable");
    // The platform's fetch tries once more by itself when a connection that was used before breaks.
    fake.trouble("sendMessage", "cut", "cut");
    assertEquals(await code("3", "x"), "unavailable");
    assertEquals(await code("4", " \n"), "refused");
    assertEquals(await code("nonsense", "x"), "refused");
    assertEquals(fake.of("sendMessage").length, 4);
  });
});

Deno.test("a group that moved is followed", async () => {
  await running(async (fake, channel) => {
    fake.trouble("sendMessage", {
      status: 400,
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: -1009 },
    });
    await channel.send("-9", { text: "x" });
    assertEquals(fake.of("sendMessage").map(({ fields }) => fields.chat_id), [-9, -1009]);
  });
});

Deno.test("media are sent as what they are, and as an address if Telegram cannot fetch them", async () => {
  await running(async (fake, channel) => {
    await channel.send("42", { text: "look", mediaUrl: "https://a.example/b.PNG" });
    assertEquals(fake.of("sendPhoto")[0]!.fields, {
      chat_id: 42,
      caption: "look",
      photo: "https://a.example/b.PNG",
    });
    fake.trouble("sendDocument", {
      status: 400,
      description: "Bad Request: failed to get HTTP URL content",
    });
    await channel.send("42", { text: "see", mediaUrl: "https://a.example/c.tar" });
    assertEquals(fake.of("sendMessage")[0]!.fields.text, "see\nhttps://a.example/c.tar");
    await assertRejects(
      () => channel.send("42", { mediaUrl: "/etc/passwd" }),
      MeshError,
      "is not a web address",
    );
  });
});

Deno.test("a caller that gives up does not wait for its turn", async () => {
  await running(async (fake, channel) => {
    for (let i = 0; i < 4; i++) await channel.send("-5", { text: `${i}` });
    const gone = new AbortController();
    const send = channel.send("-5", { text: "too late" }, gone.signal);
    gone.abort();
    await assertRejects(() => send, DOMException);
    assertEquals(fake.of("sendMessage").length, 4);
  });
});

Deno.test("Telegram may call us instead, with proof, and calls again if the message was not kept", async () => {
  await running(async (fake, channel, listener) => {
    assertEquals(fake.webhook?.url, "https://me.example/hook");
    const secret = String(fake.webhook?.secret_token);
    assertFalse(secret.includes(fake.token));
    const call = (body: string, proof = secret, method = "POST") =>
      channel.webhook(
        new Request("http://localhost/hook", {
          method,
          headers: { "x-telegram-bot-api-secret-token": proof },
          ...(method === "POST" ? { body } : {}),
        }),
      ).then(({ status }) => status);
    const update = JSON.stringify({
      update_id: 1,
      message: {
        message_id: 5,
        date: 1_700_000_000,
        from: { id: 42, is_bot: false, first_name: "Ada" },
        chat: { id: 42, type: "private" },
        text: "hi",
      },
    });
    assertEquals(await call(update, "guess"), 401);
    assertEquals(await call("{", secret), 400);
    assertEquals(await call("", secret, "GET"), 405);
    assertEquals(await call(`"${"x".repeat(1_100_000)}"`), 413);
    assertEquals(await call("null"), 200);
    listener.before = () => Promise.reject(new Error("no disk"));
    assertEquals(await call(update), 503);
    listener.before = () => {};
    assertEquals(await call(update), 200);
    assertEquals(listener.texts, ["hi"]);
    await channel.stop();
    assertEquals(await call(update), 503);
    assertEquals(fake.webhook?.url, "https://me.example/hook");
  }, { webhook: { url: "https://me.example/hook" } });
});

Deno.test("a server that never answers keeps neither a stop nor a caller that gives up", async () => {
  await running(async (fake, channel) => {
    fake.trouble("sendMessage", "hang");
    const gone = new AbortController();
    const send = channel.send("42", { text: "x" }, gone.signal);
    await eventually("the call", () => fake.of("sendMessage").length === 1);
    gone.abort();
    await assertRejects(() => send, DOMException);
    fake.trouble("getUpdates", "hang");
    const calls = fake.of("getUpdates").length;
    fake.say("wake up");
    await eventually("the question", () => fake.of("getUpdates").length > calls);
    await channel.stop();
    assertEquals(channel.status.state, "stopped");
  });
});

Deno.test("several bots of one process do not mix", async () => {
  const fakes = await Promise.all([FakeTelegram.start(), FakeTelegram.start()]);
  const listeners = fakes.map(() => new Listener());
  const channels = fakes.map((fake, i) => channelTo(fake, { account: `bot${i}` }));
  try {
    channels.forEach((channel, i) => channel.start(listeners[i]!));
    fakes.forEach((fake, i) => fake.say(`to ${i}`));
    await eventually("both", () => listeners.every(({ messages }) => messages.length === 1));
    assertEquals(
      listeners.map(({ messages }) => [messages[0]!.account, messages[0]!.text]),
      [["bot0", "to 0"], ["bot1", "to 1"]],
    );
  } finally {
    await Promise.all(channels.map((channel) => channel.stop()));
    await Promise.all(fakes.map((fake) => fake.close()));
  }
});
