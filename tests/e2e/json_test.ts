import { assert, assertEquals, assertMatch } from "@std/assert";
import { TestNode } from "./node.ts";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const CARD = ["agent_id", "display_name", "endpoint", "public_key", "fingerprint"];
const MESSAGE = ["type", "message_id", "from", "to", "timestamp", "body", "signature"];
const REQUEST = ["type", "request_id", "from", "timestamp", "purpose", "signature"];

Deno.test("with --json the commands print what the Python original prints", async (t) => {
  await using ann = await TestNode.empty("ann");
  await using bob = await TestNode.empty("bob");
  const request = { id: "" };

  await t.step("init: the identity", async () => {
    for (const node of [ann, bob]) {
      const names = ["--agent-id", node.id, "--display-name", node.name];
      const identity = await node.json(["init", ...names, "--endpoint", node.endpoint]);
      assertEquals(Object.keys(identity), ["protocol", ...CARD, "created_at"]);
      assertEquals(identity.protocol, "openclaw-agent-mesh/v1");
      assertEquals([identity.agent_id, identity.endpoint], [node.id, node.endpoint]);
      assertMatch(identity.public_key, /^-----BEGIN PUBLIC KEY-----\n[^]+\n$/);
      assertMatch(identity.created_at, TIME);
      assertEquals(identity, JSON.parse(await Deno.readTextFile(`${node.state}/identity.json`)));
    }
  });
  await using bobServes = await bob.serve();
  await using _annServes = await ann.serve();

  await t.step("discovery: the answer that a scan gets", async () => {
    const document = await bob.json(["discovery"]);
    assertEquals(Object.keys(document), ["ok", "protocol", "agent"]);
    assertEquals(Object.keys(document.agent), CARD);
    const answer = await fetch(`${bob.endpoint}/agent-mesh/discovery`);
    assertEquals(document, await answer.json());
  });

  await t.step("scan: a list of url and response, or url and error", async () => {
    const list = await ann.json(["scan", bob.endpoint, "http://127.0.0.1:9"]);
    const [found, failed] = list[0].response ? list : [...list].reverse();
    assertEquals(found, { url: bob.endpoint, response: await bob.json(["discovery"]) });
    assertEquals(Object.keys(failed), ["url", "error"]);
    assertEquals(failed.url, "http://127.0.0.1:9");
  });

  await t.step("request-contact: the request itself, or where it is and the answer", async () => {
    const printed = await ann.json(["request-contact"]);
    assertEquals(Object.keys(printed), REQUEST);
    assertEquals([printed.type, printed.from.agent_id], ["contact_request", "ann"]);
    assertMatch(printed.request_id, /^req_[0-9a-f]{32}$/);
    assertMatch(printed.timestamp, TIME);
    const sent = await ann.json(["request-contact", "--send", bob.endpoint, "--purpose", "tests"]);
    assertEquals(Object.keys(sent), ["saved", "response"]);
    const { request_id, purpose } = JSON.parse(await Deno.readTextFile(sent.saved));
    assertEquals(purpose, "tests");
    assertEquals(sent.response, {
      ok: true,
      result: { verified: true, request_id, saved: request_id },
    });
    request.id = request_id;
  });

  await t.step("receive-contact: verified, the id, and where it is", async () => {
    const { stdout } = await bob.run(["request-contact"]);
    const document = await ann.json(["receive-contact", "-"], { stdin: stdout });
    assertEquals(Object.keys(document), ["verified", "request_id", "saved"]);
    assertEquals(document.verified, true);
    assertEquals(JSON.parse(await Deno.readTextFile(document.saved)), JSON.parse(stdout));
  });

  await t.step("list-requests: the requests as signed", async () => {
    const list = await bob.json(["list-requests"]);
    assertEquals(list.length, 1);
    assertEquals(Object.keys(list[0]), REQUEST);
    assertEquals(list[0].request_id, request.id);
    assertEquals(await ann.json(["queue", "list"]), []);
  });

  await t.step("approve-request: the peer; reject-request: what was rejected", async () => {
    const peer = await bob.json(["approve-request", request.id]);
    assertEquals(Object.keys(peer), [...CARD, "trusted_at", "source_request_id"]);
    assertEquals([peer.agent_id, peer.source_request_id], ["ann", request.id]);
    assertMatch(peer.trusted_at, TIME);
    assertEquals(peer, JSON.parse(await Deno.readTextFile(`${bob.state}/peers/ann.json`)));
    await ann.json(["approve-request", "bob"]);

    await using cat = await TestNode.named("cat");
    await cat.json(["request-contact", bob.endpoint]);
    const { from: { agent_id }, request_id } = (await bob.json(["list-requests"])).at(-1);
    assertEquals(agent_id, "cat");
    const rejected = await bob.json(["reject-request", "cat"]);
    assertEquals(rejected, { ok: true, rejected: request_id });
    assertEquals((await bob.json(["list-requests"])).length, 1);
  });

  await t.step("send-message: the message itself, or where it is and the answer", async () => {
    const text = 'ünï "quoted" \\ \u{1d11e}\u007f\ttab';
    const said = ["send-message", "--to", "bob", "--text", text];
    const printed = await ann.json(said);
    assertEquals(Object.keys(printed), MESSAGE);
    assertEquals([printed.from, printed.to, printed.body], ["ann", "bob", { text }]);
    assertMatch(printed.message_id, /^msg_[0-9a-f]{32}$/);
    const sent = await ann.json([...said, "--send"]);
    assertEquals(Object.keys(sent), ["saved", "response", "message_id", "receipt"]);
    assertEquals([sent.response.ok, sent.receipt], [true, "accepted"]);
    assertEquals(sent.response.result.ack.message_id, sent.message_id);
    const saved = JSON.parse(await Deno.readTextFile(sent.saved));
    assertEquals(saved.message_id, sent.message_id);

    const taken = await bob.json(["receive-message", "-"], { stdin: JSON.stringify(printed) });
    assertEquals(Object.keys(taken), ["verified", "message_id", "saved", "ack"]);
    assertEquals(Object.keys(taken.ack), ["type", "message_id", "status", "timestamp"]);
    assertEquals([taken.verified, taken.ack.type, taken.ack.status], [true, "ack", "received"]);
    assertMatch(taken.ack.timestamp, TIME);
    assertEquals(JSON.parse(await Deno.readTextFile(taken.saved)), printed);
  });

  await t.step("list-messages: the messages as signed, oldest first", async () => {
    const list = await bob.json(["list-messages"]);
    assertEquals(list.length, 2);
    for (const message of list) assertEquals(Object.keys(message), MESSAGE);
  });

  await t.step("peers and the queue, which the original does not have", async () => {
    const list = await ann.json(["peers", "list"]);
    assertEquals(list, [await ann.json(["peers", "show", "bob"])]);
    const verified = await ann.json(["peers", "verify", "bob"]);
    assertEquals(Object.keys(verified), [
      "agent_id",
      "fingerprint",
      "safety_number",
      "verified_at",
    ]);
    assertEquals(verified.verified_at, null);
    const matched = await ann.json(["peers", "verify", "bob", "--matched"]);
    assertMatch(matched.verified_at, TIME);
    assertEquals((await bobServes.stop()).code, 0);
    const sent = await ann.json(["send-message", "--to", "bob", "--text", "x", "--send"], {
      code: 8,
    });
    const keys = ["saved", "response", "message_id", "receipt", "next_attempt_at", "error"];
    assertEquals(Object.keys(sent), keys);
    assertEquals([sent.response, sent.receipt], [null, "queued"]);
    const [entry] = await ann.json(["queue", "list"]);
    assertEquals([entry.state, entry.id, entry.to, entry.attempts], [
      "waiting",
      sent.message_id,
      "bob",
      1,
    ]);
    const shown = await ann.json(["queue", "show", sent.message_id]);
    assertEquals(shown.message.message_id, sent.message_id);
    const [retried] = await ann.json(["queue", "retry"], { code: 8 });
    assertEquals(retried.state, "queued");
    const dropped = await ann.json(["queue", "drop", sent.message_id]);
    assertEquals(dropped, { ok: true, dropped: sent.message_id });
    assertEquals(await ann.json(["queue", "retry"]), []);
    assertEquals(await ann.json(["peers", "remove", "bob"]), { ok: true, removed: "bob" });
  });
});

Deno.test("with --json a failure is one document on stdout, and the exit code tells its kind", async () => {
  await using ann = await TestNode.named("ann");
  await using nobody = await TestNode.empty("nobody");
  await using broken = await TestNode.named("broken");
  await Deno.chmod(`${broken.state}/private_key.pem`, 0o644);
  await using damaged = await TestNode.named("damaged");
  await Deno.writeTextFile(`${damaged.state}/identity.json`, '{"protocol":"other"}\n');
  const failures: [node: TestNode, args: string[], code: number, error: string][] = [
    [ann, ["peers", "shwo"], 2, "usage"],
    [ann, ["scan", "--prot", "1"], 2, "usage"],
    [ann, ["scan", "--port", "x"], 2, "usage"],
    [ann, ["peers", "show"], 2, "usage"],
    [ann, ["send-message", "--text", "x"], 2, "usage"],
    [ann, ["send-message", "--to", "bob", "--text", "x", "--send=maybe"], 2, "usage"],
    [ann, ["queue", "list", "extra"], 2, "usage"],
    [nobody, ["discovery"], 3, "not_initialized"],
    [nobody, ["serve"], 3, "not_initialized"],
    [ann, ["peers", "show", "bob"], 3, "not_found"],
    [ann, ["peers", "remove", "bob"], 3, "not_found"],
    [ann, ["approve-request", "req_1"], 3, "not_found"],
    [ann, ["receive-contact", "no such file"], 3, "not_found"],
    [ann, ["init"], 5, "exists"],
    [ann, ["request-contact", "http://127.0.0.1:9"], 6, "unavailable"],
    [broken, ["request-contact"], 7, "insecure_mode"],
    [damaged, ["discovery"], 7, "damaged"],
  ];
  await Promise.all(failures.map(async ([node, args, code, error]) => {
    const document = await node.json(args, { code });
    assertEquals([args, document.ok, document.error], [args, false, error]);
    assert(/^[A-Z"\-].*[^.]$/.test(document.message), document.message);
    const keys = "hint" in document
      ? ["ok", "error", "message", "hint"]
      : ["ok", "error", "message"];
    assertEquals(Object.keys(document), keys);
  }));
});
