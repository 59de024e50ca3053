import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { lookup } from "node:dns/promises";
import { accepting, FakePeer } from "./fake_peer.ts";
import { TestNode } from "./node.ts";

/** What a peer may answer, and what the sender makes of it. */
interface Case {
  readonly answer: (peer: FakePeer, elsewhere: FakePeer) => Response | Promise<Response>;
  readonly code: 0 | 4 | 8;
  readonly reason: string;
}

const CASES: Readonly<Record<string, Case>> = {
  "a bad moment": {
    answer: inTwoMinutes,
    code: 8,
    reason: "answered with status 503",
  },
  "a crash": {
    answer: () => new Response("Internal Server Error", { status: 500 }),
    code: 8,
    reason: "answered with status 500",
  },
  "a crash of the Python original": {
    answer: () => Response.json({ ok: false, error: "Traceback (most…" }, { status: 400 }),
    code: 8,
    reason: "The peer's program failed",
  },
  "silence": {
    answer: (peer) => peer.hang(),
    code: 8,
    reason: "did not answer within 8 s",
  },
  "half an answer": {
    answer: () => new Response(brokenOff(), { headers: { "content-length": "500" } }),
    code: 8,
    reason: "Cannot reach",
  },
  "a web page": {
    answer: () =>
      new Response("<html>Welcome</html>", { headers: { "content-type": "text/html" } }),
    code: 8,
    reason: "does not speak the protocol answered with status 200",
  },
  "somebody's 404": {
    answer: () => new Response("<html>Not here</html>", { status: 404 }),
    code: 8,
    reason: "does not speak the protocol answered with status 404",
  },
  "a redirect": {
    answer: (_, elsewhere) =>
      Response.redirect(`${elsewhere.node.endpoint}/agent-mesh/message`, 307),
    code: 8,
    reason: "answered with status 307",
  },
  "a megabyte": {
    answer: () => new Response(`{"ok":true,"junk":"${"x".repeat(1_000_000)}"}`),
    code: 8,
    reason: "does not speak the protocol answered with status 200",
  },
  "no ok": {
    answer: () => Response.json({ result: { verified: true } }),
    code: 8,
    reason: "does not speak the protocol",
  },
  "a bad signature, as the Python original says it": {
    answer: () => Response.json({ ok: true, result: { verified: false } }),
    code: 4,
    reason: "could not verify our signature",
  },
  "a refusal": {
    answer: () => {
      const message = "not you\u001b[2J\nok: true";
      return Response.json({ ok: false, error: "not_trusted", message }, { status: 403 });
    },
    code: 4,
    reason: "not_trusted: not you",
  },
  "an acknowledgement": {
    answer: () => Response.json({ ok: true, result: { verified: true } }),
    code: 0,
    reason: "",
  },
};

Deno.test("what a peer answers decides what becomes of a message, and each is sent once", async () => {
  await using ann = await TestNode.named("ann");
  await using elsewhere = await FakePeer.trustedBy(ann, "elsewhere");
  await using peer = await FakePeer.trustedBy(ann, "peer");
  peer.answers(({ body }) => {
    const found = CASES[JSON.parse(body).body.text];
    if (!found) throw new Error(`No case for ${body}`);
    return found.answer(peer, elsewhere);
  });
  await Promise.all(
    Object.entries(CASES).map(async ([name, { code, reason }]) => {
      const command = ["send-message", "--to", "peer", "--send", "--text", name];
      const { stdout, stderr } = await ann.run([...command, "--json"], { code });
      assertStringIncludes(stderr, reason);
      assert(!stderr.includes("\u001b"), name);
      const document = JSON.parse(stdout);
      const said = code === 4 ? document.error : document.receipt;
      assertEquals([name, said], [name, { 0: "accepted", 4: "refused", 8: "queued" }[code]]);
    }),
  );
  assertEquals(elsewhere.received, [], "A redirect was followed");
  const texts = peer.received.map((body) => JSON.parse(body).body.text);
  assertEquals(texts.sort(), Object.keys(CASES).sort());

  const queue: { id: string; state: string }[] = await ann.json(["queue", "list"]);
  const codes = Object.values(CASES).map(({ code }) => code);
  for (const [state, code] of [["waiting", 8], ["dead", 4]] as const) {
    const count = queue.filter((entry) => entry.state === state).length;
    assertEquals(count, codes.filter((one) => one === code).length);
  }
});

Deno.test("a peer's Retry-After is waited for", async () => {
  await using ann = await TestNode.named("ann");
  await using peer = await FakePeer.trustedBy(ann, "peer", inTwoMinutes);
  const command = ["send-message", "--to", "peer", "--send", "--text", "hello"];
  const { next_attempt_at } = await ann.json(command, { code: 8 });
  const seconds = (Date.parse(next_attempt_at) - Date.now()) / 1000;
  assert(seconds > 110 && seconds <= 120, `${seconds} s`);
  assertEquals(peer.received.length, 1);
});

Deno.test("a message goes to the address itself, whatever proxy the environment names", async () => {
  await using ann = await TestNode.named("ann");
  await using proxy = await FakePeer.trustedBy(ann, "proxy");
  await using peer = await FakePeer.trustedBy(ann, "peer");
  const env = { HTTP_PROXY: proxy.node.endpoint, http_proxy: proxy.node.endpoint };
  await ann.run(["send-message", "--to", "peer", "--send", "--text", "hello"], { env });
  assertEquals([peer.received.length, proxy.received.length], [1, 0]);
});

const local = await nameOfThisMachine();

Deno.test({
  name: "a peer's name that leads to this machine is refused, unless it is localhost",
  ignore: local === undefined,
  fn: async () => {
    await using ann = await TestNode.named("ann");
    await using peer = await FakePeer.trustedBy(ann, "peer", accepting);
    const { port } = peer.node;
    const command = ["send-message", "--to", "peer", "--send", "--text", "hello"];
    const moveTo = async (host: string) => {
      const { state } = await ann.open();
      const record = await state.peers.get("peer");
      if (record) await state.peers.put("peer", { ...record, endpoint: `http://${host}:${port}` });
    };
    await moveTo(String(local));
    const { stderr } = await ann.run(command, { code: 8 });
    assertStringIncludes(stderr, "its name resolves to an address of this machine or link");
    assertEquals(peer.received, []);
    await moveTo("localhost");
    await ann.run(command);
    assertEquals(peer.received.length, 1);
  },
});

/** A name other than localhost that leads to a loopback address, such as many systems give themselves. */
async function nameOfThisMachine(): Promise<string | undefined> {
  for (const name of [Deno.hostname(), "ip6-loopback", "localhost.localdomain"]) {
    const addresses = await lookup(name, { all: true }).catch(() => []);
    const loopback = addresses.every(({ address }) => /^127\.|^::1$/.test(address));
    if (addresses.length > 0 && loopback && name !== "localhost") return name;
  }
  return undefined;
}

function inTwoMinutes(): Response {
  return new Response("{}", { status: 503, headers: { "retry-after": "120" } });
}

/** Less than was announced. */
function brokenOff(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"ok":true,')),
    pull: (controller) => controller.close(),
  });
}
