import { assertEquals, assertStrictEquals } from "@std/assert";
import { createProject } from "../../../../lib/ogp/projects/membership.ts";
import {
  coverProjects,
  projectTopics,
  registerTopic,
} from "../../../../lib/ogp/projects/topics.ts";
import { defaultGrants, type Scope, type ScopeGrants } from "../../../../lib/ogp/scopes.ts";
import { peerName } from "../../../../lib/ogp/state.ts";
import { outboxOf } from "../federating.ts";
import { befriend, stranger, testGateway } from "../gateways.ts";

const NOW = new Date("2026-03-12T18:05:00Z");

function grants(...scopes: Partial<Scope>[]): ScopeGrants {
  return {
    version: "0.2.0",
    grantedAt: NOW.toISOString(),
    scopes: scopes.map((scope) => ({ intent: "agent-comms", enabled: true, ...scope })),
  };
}

Deno.test("only a list of topics that counts is made longer, and only by what is missing", () => {
  const same = [
    ...[null, grants(), grants({ topics: undefined }), grants({ topics: ["my-app"] })],
    ...[grants({ topics: ["x"], enabled: false }), grants({ topics: ["x"], intent: "message" })],
    grants({ topics: ["x"], expiresAt: "2026-03-12T18:05:00Z" }),
    grants({ topics: ["x"] }, { topics: ["my-app"] }),
    grants({ topics: ["x"] }, {}),
    grants({ topics: Array.from({ length: 100 }, (_, n) => `t${n}`) }),
  ];
  for (const one of same) assertStrictEquals(coverProjects(one, ["my-app"], NOW), one);
  const wider = coverProjects(grants({ topics: ["x"] }), ["my-app", "x", "my-app", "x/y"], NOW);
  assertEquals(wider.scopes.map(({ topics }) => topics), [["x", "my-app"]]);
});

Deno.test("a project's topic is granted to all approved peers, and they are told", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const outbox = outboxOf(node);
  const restricted = await befriend(gateway, stranger(), { grants: grants({ topics: ["x"] }) });
  const free = await befriend(gateway, stranger(), { grants: defaultGrants(undefined, NOW) });
  const silent = await befriend(gateway, stranger(), { grants: null });
  const removed = await befriend(gateway, stranger(), {
    ...{ grants: grants({ topics: ["x"] }), status: "removed" },
  });
  const full = await befriend(gateway, stranger(), {
    grants: grants({ topics: Array.from({ length: 100 }, (_, n) => `t${n}`) }),
  });
  await createProject(node, { id: "my-app", name: "My App" });
  const done = await registerTopic(node, outbox, "my-app");
  const keys = (peers: readonly { publicKey: string }[]) =>
    peers.map(({ publicKey }) => publicKey).sort();
  assertEquals(keys(done.peers), keys([restricted, free]));
  assertEquals(keys(done.full), keys([full]));
  const topics = async ({ publicKey }: { publicKey: string }) => {
    const peer = await node.state.peers.get(peerName(publicKey));
    return peer?.grants?.scopes.find(({ intent }) => intent === "agent-comms")?.topics;
  };
  assertEquals(await topics(restricted), ["x", "my-app"]);
  assertEquals(await topics(free), undefined);
  assertEquals(await topics(silent), undefined);
  assertEquals(await topics(removed), ["x"]);
  assertEquals(await outbox.entries.ids(), [`approve-${peerName(restricted.publicKey)}`]);
  assertEquals(await projectTopics(node.state), ["my-app"]);
});

Deno.test("projects that are created at once are all among a peer's topics", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const peer = await befriend(gateway, stranger(), { grants: grants({ topics: [] }) });
  const again = await gateway.again();
  const ids = ["a", "b", "c", "d", "e", "f"];
  await Promise.all(ids.map((id, n) => {
    const one = n % 2 ? node : again;
    return registerTopic(one, outboxOf(one), id);
  }));
  const stored = await node.state.peers.get(peerName(peer.publicKey));
  assertEquals(stored?.grants?.scopes[0]?.topics?.toSorted(), ids);
});
