/**
 * Ten thousand bodies that no gateway sends, to every call of the surface: whatever they are, the answer is
 * JSON and no failure of ours, nothing hangs, and nothing comes of what nobody signed.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { signText } from "../../lib/ogp/signed_text.ts";
import { listen } from "../../server/listen.ts";
import { ogpSurface } from "../../server/ogp.ts";
import { rootOutbox } from "../../server/outbox.ts";
import {
  befriend,
  messageTo,
  type Stranger,
  stranger,
  type TestGateway,
  testGateway,
} from "../unit/ogp/gateways.ts";

const CALLS = ["request", "approve", "message", "reply/n-1", "removed", "update-identity"] as const;
type Call = typeof CALLS[number];

/** What a sound body of a call says, by the keys of its object and its text. */
function sound(gateway: TestGateway, who: Stranger, call: Call): [string, string, object] {
  const timestamp = gateway.clock.now().toISOString();
  const card = {
    id: who.id,
    displayName: "Fuzz",
    email: "f@example.test",
    gatewayUrl: "http://127.0.0.1:9",
    publicKey: who.publicKey,
  };
  const from = { fromPublicKey: who.publicKey, fromGatewayUrl: card.gatewayUrl };
  switch (call) {
    case "request":
      return ["peer", "payloadStr", { peer: card, offeredIntents: ["message"], timestamp }];
    case "approve":
      return ["payload", "payloadStr", { peerId: "x", approved: true, ...from, timestamp }];
    case "message":
      return ["message", "messageStr", messageTo(gateway, who)];
    case "reply/n-1":
      return ["reply", "replyStr", { nonce: "n-1", success: true, data: { a: 1 }, timestamp }];
    case "removed":
      return ["removed", "removedStr", { peerId: who.id, timestamp }];
    case "update-identity":
      return ["identity", "identityStr", card];
  }
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom("", "../x", "\0", "x".repeat(10_000), -1, 1e308, [], {}, null),
  fc.string({ unit: "binary", maxLength: 40 }),
);

/** A change of one key of the object that is signed. */
const change = fc.record({ key: fc.nat(), value: fc.option(anything, { nil: undefined }) });

interface Case {
  readonly call: Call;
  readonly signer: "peer" | "stranger" | "nobody";
  readonly changes: readonly { readonly key: number; readonly value: unknown }[];
  readonly outside: Readonly<Record<string, unknown>>;
  readonly cut: number | undefined;
}

const made: fc.Arbitrary<Case> = fc.record({
  call: fc.constantFrom(...CALLS),
  signer: fc.constantFrom("peer", "stranger", "nobody"),
  changes: fc.array(change, { maxLength: 2 }),
  outside: fc.dictionary(
    fc.constantFrom(
      "message",
      "messageStr",
      "payloadStr",
      "reply",
      "peer",
      "identity",
      "signature",
    ),
    anything,
    { maxKeys: 1, noNullPrototype: true },
  ),
  cut: fc.option(fc.nat(600), { nil: undefined, freq: 6 }),
});

function bodyOf(gateway: TestGateway, peer: Stranger, other: Stranger, one: Case): string {
  const who = one.signer === "stranger" ? other : peer;
  const [object, text, value] = sound(gateway, who, one.call);
  const said: Record<string, unknown> = { ...value };
  for (const { key, value } of one.changes) {
    const keys = Object.keys(said);
    const name = keys[key % keys.length];
    if (name === undefined) break;
    if (value === undefined) delete said[name];
    else said[name] = value;
  }
  const spelled = JSON.stringify(said);
  const signature = one.signer === "nobody" ? "ab".repeat(64) : signText(who.key, spelled);
  const body = one.call === "removed" ? { ...said, signature } : {
    [object]: said,
    [text]: spelled,
    signature,
  };
  const whole = JSON.stringify({ ...body, ...one.outside });
  return one.cut === undefined ? whole : whole.slice(0, one.cut);
}

Deno.test("no body makes the surface fail, hang, or do what nobody signed", async () => {
  const config = { loopLimits: { peerMessages: 1e9, peerBytes: 1e12 }, heartbeatMinutes: 0 };
  await using gateway = await testGateway({ config });
  const [peer, other] = [stranger(), stranger()];
  const rateLimit = { requests: 1_000_000, windowSeconds: 60 };
  const scopes = [{ intent: "message", enabled: true, rateLimit }];
  const grants = { version: "0.2.0", grantedAt: gateway.clock.now().toISOString(), scopes };
  const before = await befriend(gateway, peer, { gatewayUrl: "http://127.0.0.1:9", grants });
  const faults: unknown[] = [];
  const surface = ogpSurface(gateway.node, rootOutbox({ ogp: gateway.node }), {
    strangersPerMinute: 1e9,
    strangersPerMinuteInAll: 1e9,
    onFault: (fault) => faults.push(fault),
  });
  const server = await listen(surface, { host: "127.0.0.1", port: 0 });
  const statuses = new Map<number, number>();
  const post = async (call: string, body: BodyInit) => {
    const response = await fetch(`http://127.0.0.1:${server.port}/federation/${call}`, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    JSON.parse(text);
    assert(response.status < 500, `${call} ${body}: ${response.status} ${text} ${faults[0]}`);
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    return response.status;
  };
  try {
    await fc.assert(
      fc.asyncProperty(made, async (one) => {
        const body = bodyOf(gateway, peer, other, one);
        const stored = async () => (await gateway.node.state.messagesIn.ids()).length;
        const had = one.signer === "peer" ? 0 : await stored();
        await post(one.call, body);
        if (one.signer !== "peer") assertEquals(await stored(), had);
      }),
      { numRuns: 9_000 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CALLS),
        fc.oneof(fc.uint8Array({ maxLength: 400 }), anything.map((value) => JSON.stringify(value))),
        async (call, body) => {
          assert(await post(call, body as BodyInit) >= 400);
        },
      ),
      { numRuns: 1_000 },
    );
  } finally {
    await server.close(0);
  }
  const peers = (await gateway.node.state.peers.list()).entries.map(({ value }) => value);
  assertEquals(peers.length, 1);
  assertEquals([peers[0]!.status, peers[0]!.grants], [before.status, before.grants]);
  const asked = await gateway.node.state.requestsIn.ids();
  assert(asked.length <= 2, `requests of ${asked}`);
  assert((statuses.get(200) ?? 0) > 50, "nothing sound was among them");
  assertEquals(faults, []);
});
