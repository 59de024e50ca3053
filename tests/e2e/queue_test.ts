import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually } from "./eventually.ts";
import { friends, TestNode, trust } from "./node.ts";

Deno.test("what is written to a peer that is down reaches it once, when it is up", async (t) => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  let first = "";

  await t.step(
    "without a daemon the message is queued, and the command says who must act",
    async () => {
      const { stdout, stderr } = await ann.run(said("first"), { code: 8 });
      assertMatch(stdout, /^Queued for Bob \(bob\): msg_[0-9a-f]{32}\n$/);
      assertStringIncludes(stderr, "nothing listens there.");
      assertStringIncludes(stderr, "no daemon runs here to try again: mesh serve");
      first = stdout.trim().slice(-36);
    },
  );

  await t.step("the queue shows it", async () => {
    const { stdout } = await ann.run(["queue", "list"]);
    assertMatch(stdout, new RegExp(`${first} +bob +.+ +1 +.+ nothing listens there\n$`));
    const shown = (await ann.run(["queue", "show", first.slice(0, 10)])).stdout;
    assertMatch(shown, /^state +waiting$/m);
    assertMatch(shown, /^text +first$/m);
    const document = await ann.json(["queue", "show", first]);
    assertEquals([document.state, document.attempts, document.message.body.text], [
      "waiting",
      1,
      "first",
    ]);
  });

  await t.step("a try before its time changes nothing, and says the same", async () => {
    const { stdout } = await ann.run(["queue", "retry"], { code: 8 });
    assertStringIncludes(stdout, "nothing listens there; again in");
    assertEquals((await ann.json(["queue", "show", first])).attempts, 1);
  });

  await using annServes = await ann.serve();

  await t.step("with a daemon the command says when it is tried again", async () => {
    const { stderr } = await ann.run(said("second"), { code: 8 });
    assertMatch(stderr, /the daemon tries again in \d s\./);
  });

  await t.step("bob comes up: within six seconds he has both, each once", async () => {
    await using bobServes = await bob.serve();
    await annServes.heard("delivered", ({ message_id }) => message_id === first, 7_000);
    await bobServes.heard("message", ({ message_id }) => message_id !== first, 7_000);
    await eventually(
      "an empty queue",
      async () => (await ann.json(["queue", "list"])).length === 0,
    );
    const received = await bob.json(["list-messages"]);
    assertEquals(received.map((message: Said) => message.body.text).sort(), ["first", "second"]);
    const told = bobServes.events.filter(({ kind }) => kind === "message");
    assertEquals(told.length, 2);
    const { receipt } = JSON.parse(
      await Deno.readTextFile(`${ann.state}/messages/outgoing/${first}.json`),
    );
    assertEquals(receipt.state, "accepted");
  });
});

Deno.test("a refusal is a dead letter, which can be sent again or dropped", async (t) => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  await trust(ann, bob);
  await using _bobServes = await bob.serve();
  let id = "";

  await t.step("bob does not know ann: exit code 4, and what to do about it", async () => {
    const failure = await ann.json(said("hello"), { code: 4 });
    assertEquals([failure.ok, failure.error], [false, "refused"]);
    id = /msg_[0-9a-f]{32}/.exec(failure.message)?.[0] ?? "";
    assertEquals(
      failure.hint,
      `mesh queue retry ${id} when that is settled, or: mesh queue drop ${id}`,
    );
    const { stdout, stderr } = await ann.run(["queue", "list"]);
    assertMatch(stdout, new RegExp(`${id} +bob .+ given up +not_trusted: `));
    assertStringIncludes(stderr, "mesh queue retry MESSAGE");
  });

  await t.step(
    "a retry of all leaves dead letters alone; a named one is refused again",
    async () => {
      assertStringIncludes((await ann.run(["queue", "retry"])).stdout, "Nothing waits.");
      const { stdout } = await ann.run(["queue", "retry", id], { code: 4 });
      assertStringIncludes(stdout, "given up: not_trusted");
      assertEquals((await ann.json(["queue", "show", id])).state, "dead");
    },
  );

  await t.step("once bob approves her, the retry delivers", async () => {
    await trust(bob, ann);
    const results = await ann.json(["queue", "retry", id.slice(0, 8)]);
    assertEquals(results, [{ message_id: id, to: "bob", state: "accepted" }]);
    assertEquals(await ann.json(["queue", "list"]), []);
    assertEquals((await bob.json(["list-messages"])).length, 1);
  });
});

Deno.test("what is dropped is not sent any more, and stays on record", async () => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  const { message_id } = await ann.json(said("never mind"), { code: 8 });
  const { stdout } = await ann.run(["queue", "drop", message_id]);
  assertStringIncludes(stdout, `Dropped ${message_id} to bob.`);
  assertStringIncludes((await ann.run(["queue", "list"])).stdout, "Nothing is queued.");
  for (const command of ["show", "retry", "drop"]) {
    const { stderr } = await ann.run(["queue", command, message_id], { code: 3 });
    assertStringIncludes(stderr, `Nothing in the queue matches "${message_id}"`);
    assertStringIncludes(stderr, "hint: mesh queue list");
  }
  const { receipt } = JSON.parse(
    await Deno.readTextFile(`${ann.state}/messages/outgoing/${message_id}.json`),
  );
  assertEquals([receipt.state, receipt.detail.reason], ["failed", "dropped by the owner"]);
});

Deno.test("a peer that cuts every call is asked once, however much waits for it", async () => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  await trust(ann, bob);
  await Promise.all(["one", "two", "three"].map((text) => ann.run(said(text), { code: 8 })));
  let calls = 0;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: bob.port });
  const answering = (async () => {
    for await (const connection of listener) {
      calls++;
      connection.close();
    }
  })();
  try {
    const results = await ann.json(["queue", "retry"], { code: 8 });
    assertEquals(results.map(({ state }: { state: string }) => state), Array(3).fill("queued"));
    assertEquals(calls, 1);
  } finally {
    listener.close();
    await answering;
  }
});

Deno.test("a message that says nothing is not written", async () => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  const send = ["send-message", "--to", "bob", "--send"];
  const blank = await ann.file("blank.txt", "\n");
  for (const [args, stdin] of [[["--text", ""]], [["--file", blank]], [[], " \n"]] as const) {
    const input = stdin === undefined ? {} : { stdin };
    const { message } = await ann.json([...send, ...args], { ...input, code: 2 });
    assertEquals(message, "The text is empty");
  }
  const both = await ann.json([...send, "--text", "a", "--file", blank], { code: 2 });
  assertEquals(both.message, "Give --text or --file, not both");
  assertEquals(await ann.json(["queue", "list"]), []);
});

Deno.test("the beginning of several ids is not guessed at", async () => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  await Promise.all(["one", "two"].map((text) => ann.run(said(text), { code: 8 })));
  const failure = await ann.json(["queue", "drop", "msg_"], { code: 3 });
  assertEquals(failure.error, "ambiguous");
  assertEquals(failure.message.match(/msg_[0-9a-f]{32}/g)?.length, 2);
});

interface Said {
  readonly body: { readonly text: string };
}

function said(text: string): string[] {
  return ["send-message", "--to", "bob", "--send", "--text", text];
}
