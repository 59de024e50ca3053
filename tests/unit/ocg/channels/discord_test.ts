import {
  assert,
  assertEquals,
  assertFalse,
  assertGreaterOrEqual,
  assertRejects,
} from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../../lib/error.ts";
import { DiscordChannel } from "../../../../lib/ocg/channels/discord/discord.ts";
import { readMessage } from "../../../../lib/ocg/channels/discord/incoming.ts";
import type { DiscordOptions } from "../../../../lib/ocg/channels/discord/options.ts";
import { eventually, pause } from "../../../e2e/eventually.ts";
import { FakeDiscord } from "../../../fakes/discord.ts";
import { Listener } from "./listener.ts";

const SELF = { id: "1000", username: "helper", global_name: "Helper" };

/** Starts a channel against a fake Discord, and ends both. */
async function started(
  work: (fake: FakeDiscord, channel: DiscordChannel, listener: Listener) => Promise<void>,
  more: Partial<DiscordOptions> = {},
  fake = FakeDiscord.start(),
): Promise<void> {
  const { token, apiRoot } = fake;
  const backoff = { firstMs: 20, mostMs: 80 };
  const channel = new DiscordChannel({ account: "default", token, apiRoot, backoff, ...more });
  const listener = new Listener();
  try {
    channel.start(listener);
    await work(fake, channel, listener);
  } finally {
    await channel.stop();
    await fake.close();
  }
}

const running = (channel: DiscordChannel) =>
  eventually("running", () => channel.status.state === "running");

Deno.test("a direct message arrives with all that is known of it", async () => {
  await started(async (fake, channel, listener) => {
    await running(channel);
    assertEquals(channel.status.self, "helper");
    const id = fake.say("hello");
    await eventually("the message", () => listener.messages.length === 1);
    const { sentAt, ...message } = listener.messages[0]!;
    assert(Math.abs(Date.now() - sentAt.getTime()) < 10_000);
    assertEquals(message, {
      channel: "discord",
      account: "default",
      chat: "500",
      id,
      kind: "direct",
      sender: { id: "42", name: "Ada" },
      text: "hello",
      addressed: true,
    });
    // Only what needs no permission of Discord's is asked for.
    assertEquals(fake.said.find(({ op }) => op === 2).d.intents, 4609);
  });
});

Deno.test("threads are known from what the gateway tells", async () => {
  await started(async (fake, channel, listener) => {
    await running(channel);
    const guild_id = "7";
    fake.event("GUILD_CREATE", { id: guild_id, threads: [{ id: "501" }] });
    fake.event("THREAD_CREATE", { id: "502", guild_id });
    fake.say("a", { guild_id, channel_id: "500" });
    fake.say("b", { guild_id, channel_id: "501" });
    fake.say("c", { guild_id, channel_id: "502", mentions: [SELF] });
    await eventually("all", () => listener.messages.length === 3);
    assertEquals(listener.messages.map(({ kind, addressed }) => [kind, addressed]), [
      ["group", false],
      ["thread", false],
      ["thread", true],
    ]);
  });
});

Deno.test("a connection that ends is resumed, and what was said meanwhile arrives", async () => {
  await started(async (fake, channel, listener) => {
    await running(channel);
    fake.say("before");
    await eventually("the first", () => listener.messages.length === 1);
    fake.drop(4000);
    await eventually("the loss", () => listener.saw("connecting", "code 4000"));
    fake.say("meanwhile");
    await eventually("the second", () => listener.messages.length === 2);
    await running(channel);
    assertEquals(fake.said.filter(({ op }) => op === 2).length, 1);
    assertEquals(listener.texts, ["before", "meanwhile"]);
  });
});

Deno.test("a session that cannot be resumed begins anew", async () => {
  await started(async (fake, channel, listener) => {
    await running(channel);
    fake.resumable = false;
    fake.drop(4000);
    await eventually("a new session", () => fake.said.filter(({ op }) => op === 2).length === 2);
    await running(channel);
    fake.say("hello");
    await eventually("the message", () => listener.messages.length === 1);
  });
});

Deno.test("a channel that stops while it is coming back stays away", async () => {
  await started(async (fake, channel, listener) => {
    await running(channel);
    fake.drop(4000);
    await eventually("the loss", () => channel.status.state === "connecting");
    const said = fake.said.length;
    await channel.stop();
    await pause(700);
    assertEquals([fake.connected, fake.said.length], [0, said]);
    assertEquals(listener.statuses.at(-1)?.state, "stopped");
    channel.start(listener);
    await running(channel);
  });
});

Deno.test("a Discord that is gone for a while is found again", async () => {
  await started(async (fake, channel, listener) => {
    await running(channel);
    await fake.close();
    await eventually("the loss", () => listener.saw("connecting"));
    fake.listen();
    await eventually("the return", () => channel.status.state === "running", 20_000);
    fake.say("hello");
    await eventually("the message", () => listener.messages.length === 1);
  });
});

Deno.test("a Discord that is not there at the start is waited for", async () => {
  const fake = FakeDiscord.start();
  const { apiRoot } = fake;
  await fake.close();
  await started(
    async (fake, channel, listener) => {
      await eventually("trouble", () => listener.saw("connecting", "Cannot reach Discord"));
      fake.listen();
      await eventually("running", () => channel.status.state === "running", 20_000);
    },
    { apiRoot },
    fake,
  );
});

Deno.test("a wrong token ends in the status failed, and is not told", async () => {
  await started(async (fake, channel) => {
    await eventually("the failure", () => channel.status.state === "failed");
    assert(channel.status.error?.startsWith("Discord refuses the bot's token"));
    assertFalse(JSON.stringify(channel.status).includes("secret"));
    assertEquals(fake.of("GET", /gateway/).length, 1);
  }, { token: "secret.secret.secret" });
});

Deno.test("an intent that Discord does not grant ends in the status failed", async () => {
  const fake = FakeDiscord.start();
  fake.closeCodes.push(4014);
  await started(
    async (_fake, channel) => {
      await eventually("the failure", () => channel.status.state === "failed");
      assert(channel.status.error?.includes("Message Content Intent"));
    },
    { messageContent: true },
    fake,
  );
});

Deno.test("a message that cannot be kept is tried again, in order", async () => {
  await started(async (fake, channel, listener) => {
    await running(channel);
    let failures = 2;
    listener.before = () => {
      if (failures-- > 0) throw new MeshError("disk_full", "The disk is full");
    };
    fake.say("one");
    fake.say("two");
    await eventually("both", () => listener.messages.length === 2);
    assertEquals(listener.texts, ["one", "two"]);
    assert(listener.saw("running", "The disk is full"));
    assertEquals(channel.status.error, undefined);
  });
});

Deno.test("texts go out once, as answers, without waking anybody up, and are edited", async () => {
  await started(async (fake, channel) => {
    const sent = await channel.send("500", {
      text: "**hi** @everyone",
      mediaUrl: "https://a.example/b.png",
      replyTo: "77",
    });
    const { nonce, ...body } = fake.of("POST", /messages$/)[0]!.body;
    assertEquals([typeof nonce, body], ["string", {
      content: "**hi** @everyone\nhttps://a.example/b.png",
      allowed_mentions: { parse: [] },
      enforce_nonce: true,
      message_reference: { message_id: "77", fail_if_not_exists: false },
    }]);
    await channel.edit("500", sent, "more");
    assertEquals(fake.of("PATCH", /./)[0]!.path, `/channels/500/messages/${sent.id}`);
    await channel.typing("500");
    assertEquals(fake.of("POST", /typing$/).length, 1);
  });
});

Deno.test("what cannot be sent says whether it may work later", async () => {
  await started(async (fake, channel) => {
    const failure = (chat: string, text = "x") =>
      assertRejects(() => channel.send(chat, { text }), MeshError);
    const headers = { "retry-after": "1", "x-ratelimit-scope": "user" };
    const body = { message: "You are being rate limited.", retry_after: 1, global: false };
    fake.trouble({ status: 429, body, headers });
    const start = performance.now();
    await channel.send("500", { text: "patient" });
    assertGreaterOrEqual(performance.now() - start, 950);
    const long = { ...body, retry_after: 3600 };
    fake.trouble({ status: 429, body: long, headers: { ...headers, "retry-after": "3600" } });
    const limited = await failure("501");
    assertEquals(limited.code, "rate_limited");
    assertGreaterOrEqual(limited.retryAfter ?? 0, 3600);
    fake.trouble({ status: 403, body: { message: "Missing Access", code: 50001 } });
    assertEquals((await failure("502")).message, 'Discord refuses this: "Missing Access"');
    assertEquals((await failure("../users/@me")).code, "refused");
    assertEquals((await failure("503", " ")).code, "refused");
    await fake.close();
    assertEquals((await failure("504")).code, "unavailable");
    fake.listen();
  });
});

Deno.test("mentions, answers, attachments and names are read", () => {
  const read = (more: object) =>
    readMessage(
      {
        id: "1",
        channel_id: "2",
        guild_id: "3",
        type: 0,
        timestamp: "2026-01-01T00:00:00Z",
        author: { id: "42", username: "ada" },
        content: "x",
        ...more,
      },
      "default",
      "1000",
      () => false,
    );
  const bo = { id: "43", username: "bo" };
  const asked = read({ content: "<@1000> ask <@43> and <@1>", mentions: [SELF, bo] });
  assertEquals([asked?.text, asked?.addressed], ["ask @bo and <@1>", true]);
  assertEquals(read({ referenced_message: { author: SELF }, type: 19 })?.addressed, true);
  assertEquals(read({ referenced_message: { author: bo }, type: 19 })?.addressed, false);
  assertEquals(read({ member: { nick: "Countess" } })?.sender.name, "Countess");
  assertEquals(read({ channel_type: 11 })?.kind, "thread");
  const attachments = [{ filename: "a.png", content_type: "image/png", size: 2000 }];
  assertEquals(read({ content: "", attachments })?.text, '[image "a.png", 2 KiB]');
  assertEquals(read({ content: "" }), undefined);
  assertEquals(read({ author: { id: "1", bot: true } }), undefined);
  assertEquals(read({ webhook_id: "1" }), undefined);
  assertEquals(read({ type: 7 }), undefined);
  fc.assert(fc.property(fc.jsonValue(), fc.object(), (value, parts) => {
    readMessage(value, "default", "1000", () => false);
    read(parts);
    for (const key of ["author", "content", "mentions", "attachments", "sticker_items", "member"]) {
      read({ [key]: value });
    }
  }));
});
