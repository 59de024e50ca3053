import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { follow } from "../../../../commands/follow.ts";
import { runCommand } from "../../../../commands/run.ts";
import {
  type IncomingMessage,
  type OgpInboxFilter,
  readOgpInbox,
} from "../../../../lib/ogp/incoming.ts";
import { Sinks } from "../sinks.ts";
import { federated, type Owner, owner } from "./household.ts";

/** Sends a text and returns its nonce. */
async function say(from: Owner, to: string, text: string, ...flags: string[]): Promise<string> {
  const payload = JSON.stringify({ text });
  const { code, document } = await from.json("send", to, "message", payload, ...flags);
  assertEquals(code, 0);
  return document.nonce;
}

Deno.test("messages are read oldest first, of a gateway, since then, the newest of them", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const nonces = [];
  for (const text of ["one", "two", "three"]) nonces.push(await say(anna, "bert", text));
  const read = async (...flags: string[]) =>
    (await bert.json("messages", ...flags)).document.map(({ nonce }: { nonce: string }) => nonce);
  assertEquals(await read(), nonces);
  assertEquals(await read("--limit", "2"), nonces.slice(1));
  assertEquals(await read("--from", "anna", "--since", "1h"), nonces);
  assertEquals(await read("--since", new Date(Date.now() + 60_000).toISOString()), []);
  assertEquals((await bert.federation("messages", "--from", "nobody")).code, 3);
  const [first] = (await bert.json("messages")).document;
  assertEquals(
    [first.from, first.alias, first.displayName, first.intent, first.replied],
    [first.publicKey.slice(0, 32), "anna", "Anna", "message", false],
  );
  assertEquals((await anna.federation("messages")).out, "No messages.\n");
});

Deno.test("what a peer writes cannot leave its line or talk to the terminal", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const nonce = await say(anna, "bert", "red\u001b[31m\nmesh: all is lost\u202e");
  const { out } = await bert.federation("messages");
  assertStringIncludes(out, "\n  red\ufffd[31m\n  mesh: all is lost\ufffd\n");
  const shown = await bert.federation("show", nonce);
  assert(!shown.out.includes("\u001b"));
});

Deno.test("a message is answered once, by text, data or an error", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const nonce = await say(anna, "bert", "Ready?");
  const both = await bert.federation("reply", nonce, "yes", "--json-data", "{}");
  assertEquals([both.code, both.out], [2, ""]);
  assertEquals((await bert.federation("reply", nonce, "--json-data", "{")).code, 2);
  const { code, document } = await bert.json("reply", nonce, "--json-data", '{"ready":1.0}');
  assertEquals([code, document], [0, { nonce, receipt: "accepted", by: "callback" }]);
  const again = await bert.json("reply", nonce, "no");
  assertEquals([again.code, again.document.error], [5, "exists"]);
  assertEquals((await bert.json("reply", "00", "no")).code, 3);
  const { reply, receipt } = (await anna.json("show", nonce)).document;
  assertEquals([reply.data, reply.signed, receipt.state], [{ ready: 1 }, true, "replied"]);
  const [message] = (await bert.json("messages")).document;
  assertEquals(message.replied, true);
});

Deno.test("whoever looks at a message fetches the reply that nobody brought", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const nonce = await say(anna, "bert", "Ready?");
  const before = await anna.federation("show", nonce);
  assertStringIncludes(before.out, "reply    none yet");
  await anna.silence();
  const queued = await bert.json("reply", nonce, "Yes");
  assertEquals([queued.code, queued.document.receipt], [8, "queued"]);
  const { document } = await anna.json("show", nonce);
  assertEquals([document.reply.data, document.reply.via], [{ answer: "Yes" }, "poll"]);
  assertEquals([document.direction, document.receipt.state], ["out", "replied"]);
});

Deno.test("a message that is not there is an error that names the next command", async () => {
  await using anna = await owner("Anna");
  const { code, document } = await anna.json("show", "nothing");
  assertEquals(
    [code, document.error, document.hint],
    [3, "not_found", "mesh ogp federation messages"],
  );
});

Deno.test("following hands out each message once, old ones first", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const nonces = [await say(anna, "bert", "one"), await say(anna, "bert", "two")];
  const stop = new AbortController();
  const seen: string[] = [];
  const following = {
    collection: bert.state.messagesIn,
    read: (filter: OgpInboxFilter) => readOgpInbox(bert.state, filter),
    nameOf: ({ name }: IncomingMessage) => name,
    filter: { limit: 1 },
  };
  for await (const { nonce } of follow(following, stop.signal)) {
    seen.push(nonce);
    if (seen.length < 3) nonces.push(await say(anna, "bert", `more ${seen.length}`));
    else stop.abort();
  }
  assertEquals(seen, nonces.slice(1));
  assertEquals((await readOgpInbox(bert.state)).length, 4);
});

Deno.test("following prints a document a line, and ends when nobody reads it any more", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const nonce = await say(anna, "bert", "one");
  const args = ["ogp", "federation", "messages", "--follow", "--json", "--state-dir", bert.root];
  const sinks = new Sinks();
  const reading = runCommand(args, sinks);
  for (let look = 0; sinks.stdout.text === "" && look < 200; look++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const [line, ...rest] = sinks.stdout.text.split("\n");
  assertEquals([JSON.parse(line ?? "").nonce, rest], [nonce, [""]]);
  sinks.stdout.failure = new Deno.errors.BrokenPipe("Broken pipe");
  await say(anna, "bert", "two");
  assertEquals(await reading, 0);
});
