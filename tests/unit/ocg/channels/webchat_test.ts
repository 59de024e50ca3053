import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Hono } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { MeshError } from "../../../../lib/error.ts";
import { WEBCHAT_PATH } from "../../../../lib/ocg/channels/webchat/page.ts";
import { WebchatChannel } from "../../../../lib/ocg/channels/webchat/webchat.ts";
import { openFileStore } from "../../../../lib/store/file_store.ts";
import { listen } from "../../../../server/listen.ts";
import { eventually } from "../../../e2e/eventually.ts";
import { temporaryRoot } from "../../store/temporary_root.ts";
import { Listener } from "./listener.ts";

const TOKEN = "t".repeat(43);

interface Served {
  readonly root: string;
  readonly origin: string;
  readonly channel: WebchatChannel;
  readonly listener: Listener;
}

/** Runs a webchat behind a real server. */
async function served(work: (served: Served) => Promise<void>): Promise<void> {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  const channel = new WebchatChannel({ account: "default", token: TOKEN, store });
  const listener = new Listener();
  channel.start(listener);
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.all(`${WEBCHAT_PATH}/*`, (c) => channel.fetch(c.req.raw));
  app.all(WEBCHAT_PATH, (c) => channel.fetch(c.req.raw));
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  try {
    const origin = `http://127.0.0.1:${server.port}`;
    await work({ root: root.path, origin, channel, listener });
  } finally {
    await channel.stop();
    await server.close(1_000);
  }
}

/** A browser: keeps the cookie and names its origin. */
class Browser {
  cookie = "";

  constructor(readonly origin: string) {}

  async post(path: string, value: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.origin}${WEBCHAT_PATH}${path}`, {
      method: "POST",
      headers: { origin: this.origin, cookie: this.cookie, ...headers },
      body: typeof value === "string" ? value : JSON.stringify(value),
    });
    this.cookie = response.headers.get("set-cookie")?.split(";")[0] ?? this.cookie;
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  async get(path: string) {
    const url = `${this.origin}${WEBCHAT_PATH}${path}`;
    const response = await fetch(url, { headers: { cookie: this.cookie } });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  get room(): string {
    return /=([0-9a-f]{32})\./.exec(this.cookie)?.[1] ?? "";
  }

  async events(): Promise<Events> {
    const response = await fetch(`${this.origin}${WEBCHAT_PATH}/events`, {
      headers: { cookie: this.cookie },
    });
    assertEquals(response.status, 200, await (response.ok ? undefined : response.text()));
    return new Events(response.body!.getReader());
  }
}

// deno-lint-ignore no-explicit-any -- whatever was pushed
type Pushed = [name: string, value: any];

/** A stream of server-sent events. */
class Events {
  #text = "";

  constructor(private readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  /** The next event; `undefined` at the end. */
  async next(): Promise<Pushed | undefined> {
    for (;;) {
      const found = /^event: (\w+)\ndata: (.*)\n\n/.exec(this.#text);
      if (found) {
        this.#text = this.#text.slice(found[0].length);
        return [found[1]!, JSON.parse(found[2]!)];
      }
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.#text += new TextDecoder().decode(value);
    }
  }

  close(): Promise<void> {
    return this.reader.cancel();
  }
}

async function entered(origin: string): Promise<Browser> {
  const browser = new Browser(origin);
  assertEquals((await browser.post("/session", { token: TOKEN })).status, 204);
  return browser;
}

Deno.test("a person says something, the answer grows, and a reload shows it all", async () => {
  await served(async ({ origin, channel, listener }) => {
    const browser = await entered(origin);
    const events = await browser.events();
    assertEquals(await events.next(), ["history", []]);
    const key = "key-00000001";
    assertEquals((await browser.post("/messages", { key, text: "hi <b>" })).status, 202);
    const [name, mine] = (await events.next())!;
    assertEquals([name, mine.from, mine.text, mine.key], ["message", "person", "hi <b>", key]);
    const { sentAt: _, ...message } = listener.messages[0]!;
    assertEquals(message, {
      channel: "webchat",
      account: "default",
      chat: browser.room,
      id: key,
      kind: "direct",
      sender: { id: browser.room, name: "webchat" },
      text: "hi <b>",
      addressed: true,
    });
    await channel.typing(browser.room);
    assertEquals(await events.next(), ["typing", {}]);
    const sent = await channel.send(browser.room, { text: "Hel" });
    await channel.edit(browser.room, sent, "Hello\nworld");
    assertEquals((await events.next())?.[1].text, "Hel");
    const [, grown] = (await events.next())!;
    assertEquals([grown.id, grown.text], [sent.id, "Hello\nworld"]);
    await events.close();
    const again = await browser.events();
    const [, history] = (await again.next())!;
    assertEquals(history.map(({ text }: { text: string }) => text), ["hi <b>", "Hello\nworld"]);
    await again.close();
  });
});

Deno.test("an answer that comes while no page is open is there when one opens, also after a restart", async () => {
  await served(async ({ origin, root, listener }) => {
    const browser = await entered(origin);
    await browser.post("/messages", { key: "key-00000001", text: "take your time" });
    assertEquals(listener.texts, ["take your time"]);
    const store = openFileStore(root);
    const restarted = new WebchatChannel({ account: "default", token: TOKEN, store });
    await restarted.send(browser.room, { text: "done", mediaUrl: "https://a.example/b.png" });
    const events = await browser.events();
    const [, history] = (await events.next())!;
    assertEquals(history[1].text, "done\nhttps://a.example/b.png");
    await events.close();
  });
});

Deno.test("a message that is sent again counts once, and one that was not kept may come again", async () => {
  await served(async ({ origin, listener }) => {
    const browser = await entered(origin);
    listener.before = () => Promise.reject(new Error("no disk"));
    const say = () => browser.post("/messages", { key: "key-00000001", text: "hi" });
    assertEquals((await say()).status, 503);
    listener.before = () => {};
    const [first, second] = [await say(), await say()];
    assertEquals([first.status, second.status, first.text], [202, 202, second.text]);
    assertEquals(new Set(listener.messages.map(({ id }) => id)).size, 1);
    const events = await browser.events();
    assertEquals((await events.next())?.[1].length, 1);
    await events.close();
  });
});

Deno.test("nobody gets in without the token, or into another's room", async () => {
  await served(async ({ origin, channel }) => {
    const stranger = new Browser(origin);
    for (const path of ["/session", "/events", "/messages"]) {
      assertEquals((await stranger.get(path)).status, 401);
    }
    assertEquals(
      (await stranger.post("/messages", { key: "key-00000001", text: "x" })).status,
      401,
    );
    for (const token of ["", "x".repeat(43), 5, null]) {
      assertEquals((await stranger.post("/session", { token })).status, 401);
    }
    assertEquals(stranger.cookie, "");
    const browser = await entered(origin);
    const other = await entered(origin);
    assertFalse(browser.room === other.room);
    stranger.cookie = browser.cookie.replace(browser.room, other.room);
    assertEquals((await stranger.get("/session")).status, 401);
    await assertRejects(
      () => channel.send("0".repeat(32), { text: "x" }),
      MeshError,
      "There is no webchat room",
    );
    await assertRejects(() => channel.send("../../x", { text: "x" }), MeshError);
    await assertRejects(() => channel.edit(other.room, { id: "1" }, "x"), MeshError, "to change");
  });
});

Deno.test("the link keeps the room of its browser, and a new chat begins another", async () => {
  await served(async ({ origin }) => {
    const browser = await entered(origin);
    const { room } = browser;
    assertMatch(room, /^[0-9a-f]{32}$/);
    const { headers } = await browser.post("/session", { token: TOKEN });
    assertMatch(headers.get("set-cookie")!, /; Path=\/chat; .*HttpOnly; SameSite=Strict$/);
    assertEquals(browser.room, room);
    assertEquals((await browser.get("/session")).status, 204);
    await browser.post("/room", {});
    assertFalse(browser.room === room);
    assertEquals((await browser.get("/session")).status, 204);
  });
});

Deno.test("another page's request, or another name for this machine, is refused", async () => {
  await served(async ({ origin, channel }) => {
    const browser = await entered(origin);
    const evil = { origin: "https://evil.example" };
    assertEquals(
      (await browser.post("/messages", { key: "key-00000001", text: "x" }, evil)).status,
      403,
    );
    assertEquals(
      (await browser.post("/session", { token: TOKEN }, { origin: "null" })).status,
      403,
    );
    const get = (host: string, headers = {}) =>
      channel.fetch(new Request(`http://${host}/chat`, { headers })).then((r) => r.status);
    assertEquals(await get("evil.example"), 403);
    assertEquals(await get("127.0.0.1.evil.example:3457"), 403);
    assertEquals(await get("localhost:3457"), 200);
    assertEquals(await get("[::1]:3457"), 200);
    assertEquals(await get("localhost", { origin: "http://localhost:81" }), 403);
    const post = new Request("http://localhost/chat/session", { method: "POST", body: "{}" });
    assertEquals((await channel.fetch(post)).status, 403);
  });
});

Deno.test("the page needs nothing from elsewhere, and only its own script runs", async () => {
  await served(async ({ origin }) => {
    const { status, text, headers } = await new Browser(origin).get("");
    assertEquals(status, 200);
    assertMatch(headers.get("content-type")!, /^text\/html/);
    const policy = headers.get("content-security-policy")!;
    const script = /<script>([^]*)<\/script>/.exec(text)![1]!;
    const bytes = new TextEncoder().encode(script);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toBase64();
    assert(policy.includes(`script-src 'sha256-${digest}'`));
    assert(policy.startsWith("default-src 'none'"));
    assertFalse(
      /unsafe|\bsrc=|@import|url\(|innerHTML|insertAdjacentHTML|\son\w+=/.test(text + policy),
    );
    assertFalse(text.includes(TOKEN));
    new Function(script); // It is sound JavaScript.
  });
});

Deno.test("what is no message is refused with a reason", async () => {
  await served(async ({ origin, listener }) => {
    const browser = await entered(origin);
    const key = "key-00000001";
    const cases: [unknown, number][] = [
      ["{", 400],
      ["[]", 400],
      [{ text: "x" }, 400],
      [{ key: "x y", text: "x" }, 400],
      [{ key, text: " \n" }, 400],
      [{ key, text: 5 }, 400],
      [{ key, text: "x".repeat(20_001) }, 413],
      [{ key, text: "x".repeat(200_000) }, 413],
    ];
    for (const [value, status] of cases) {
      const answer = await browser.post("/messages", value);
      assertEquals([answer.status, typeof JSON.parse(answer.text).error], [status, "string"]);
    }
    assertEquals(listener.messages, []);
    assertEquals((await browser.get("/nothing")).status, 404);
    assertEquals((await browser.get("/messages")).status, 404);
  });
});

Deno.test("a stop ends the open pages' streams, and a start takes them again", async () => {
  await served(async ({ origin, channel, listener }) => {
    const browser = await entered(origin);
    const events = await browser.events();
    await events.next();
    await channel.stop();
    assertEquals(await events.next(), undefined);
    assertEquals((await browser.get("/events")).status, 503);
    channel.start(listener);
    const again = await browser.events();
    assertEquals(await again.next(), ["history", []]);
    await again.close();
  });
});

Deno.test("pages that leave are forgotten, and one room cannot take all the connections", async () => {
  await served(async ({ origin, channel }) => {
    const browser = await entered(origin);
    const pages = await Promise.all(Array.from({ length: 16 }, () => browser.events()));
    assertEquals((await browser.get("/events")).status, 429);
    await Promise.all(pages.map((page) => page.close()));
    await eventually("a free place", async () => {
      await channel.typing(browser.room);
      const response = await fetch(`${origin}/chat/events`, {
        headers: { cookie: browser.cookie },
      });
      await response.body?.cancel();
      return response.status === 200;
    });
  });
});

Deno.test("a token that could be guessed is not accepted", () => {
  const store = openFileStore("/nowhere");
  assertThrows(
    () => new WebchatChannel({ account: "default", token: "short", store }),
    MeshError,
    "it needs 32",
  );
});
