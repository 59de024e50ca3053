import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fingerprintOf } from "../../../../lib/identity/fingerprint.ts";
import { publicKeyFromDerHex } from "../../../../lib/identity/keys.ts";
import { peerName } from "../../../../lib/ogp/state.ts";
import { federated, owner } from "./household.ts";

Deno.test("whoami tells what peers know this gateway by", async () => {
  await using anna = await owner("Anna", { email: "anna@example.com", organization: "ACME" });
  const { code, document } = await anna.json("whoami");
  const { publicKey, fingerprint } = document;
  assertEquals([code, document.gatewayUrl, document.displayName], [0, anna.url, "Anna"]);
  assertEquals(document.knownAs, [publicKey.slice(0, 32), new URL(anna.url).host]);
  assertEquals(fingerprint, await fingerprintOf(publicKeyFromDerHex(publicKey).pem));
  const { out } = await anna.federation("whoami");
  assertStringIncludes(out, publicKey);
  assertStringIncludes(out, "owner        ACME, anna@example.com");
});

Deno.test("a gateway without a URL is told how to get one", async () => {
  await using anna = await owner("Anna", { gatewayUrl: undefined });
  const { code, err } = await anna.federation("whoami");
  assertEquals(code, 0);
  assertStringIncludes(err, "mesh ogp setup");
  const asked = await anna.federation("request", "http://127.0.0.1:9");
  assertEquals(asked.code, 2);
  assertStringIncludes(asked.err, "mesh ogp setup");
});

Deno.test("ping tells who answers, by URL or by name, and exits 6 if nobody does", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const { code, document } = await anna.json("ping", bert.url);
  assertEquals([code, document.ok, document.displayName], [0, true, "Bert"]);
  assertEquals([document.peer.alias, document.keyChangedOf], ["bert", []]);
  const byName = await anna.federation("ping", "bert");
  assertStringIncludes(byName.out, `Bert answers at ${bert.url}`);
  assertStringIncludes(byName.out, "standing     approved");
  await bert.silence();
  const silent = await anna.json("ping", "bert");
  assertEquals([silent.code, silent.document.error], [6, "unavailable"]);
  const nothing = await anna.json("ping", "no-such-host.invalid:1", "--timeout", "2s");
  assertEquals(nothing.code, 6);
});

Deno.test("what answers and is no gateway is said to be none", async () => {
  await using anna = await owner("Anna");
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response("<html>"),
  );
  const { code, err } = await anna.federation("ping", `http://127.0.0.1:${server.addr.port}`);
  await server.shutdown();
  assertEquals(code, 6);
  assertStringIncludes(err, "is not an OGP gateway");
});

Deno.test("another key at a peer's URL is warned of in strong words", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const { publicKey } = (await bert.json("whoami")).document;
  const peer = await anna.state.peers.get(peerName(publicKey));
  assert(peer);
  const other = publicKey.slice(0, -4) + "0000";
  await anna.state.peers.put(peerName(other), { ...peer, publicKey: other, alias: "old-bert" });
  await anna.state.peers.delete(peerName(publicKey));
  const { code, err } = await anna.federation("ping", bert.url);
  assertEquals(code, 5);
  assertStringIncludes(err, "THE KEY IS NOT THE ONE OF old-bert (Bert)");
  assertEquals((await anna.json("ping", bert.url)).document.ok, false);
  const asked = await anna.federation("request", bert.url);
  assertStringIncludes(asked.err, "THE KEY IS NOT THE ONE OF old-bert");
});

Deno.test("the page shows who waits, who is silent, and what is used", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  await using carl = await owner("Carl");
  assertEquals((await carl.federation("request", bert.url)).code, 0);
  assertEquals((await bert.federation("agent", "anna", "t", "hello")).code, 0);
  await anna.silence();
  assertEquals((await bert.federation("agent", "anna", "t", "hello?")).code, 8);
  const { code, document } = await bert.json("status");
  assertEquals(code, 0);
  assertEquals(document.counts, { approved: 1, pending: 1, rejected: 0, removed: 0 });
  assertEquals(document.asking.map(({ displayName }: { displayName: string }) => displayName), [
    "Carl",
  ]);
  assertEquals(document.unreachable.map(({ alias }: { alias: string }) => alias), ["anna"]);
  assertEquals([document.deliveries.waiting, document.pausedSince], [1, null]);
  const [budget] = document.budgets;
  assertEquals([budget.alias, budget.out.messages, budget.in.messages], ["anna", 2, 0]);
  const { out } = await bert.federation("status");
  assertStringIncludes(out, "1 approved, 1 pending");
  assertStringIncludes(out, "mesh ogp federation approve 302a");
  assertStringIncludes(out, "Unreachable:\n  anna (Anna), unreachable");
  assertStringIncludes(out, "To be delivered: 1 waiting, 0 given up: mesh queue list");
  assertStringIncludes(out, "anna (Anna), under 1 %");
  const listed = await bert.federation("list");
  assertStringIncludes(listed.out, "unreachable, seen");
});

Deno.test("aliases and tags name gateways, and are found by", async () => {
  await using pair = await federated();
  const { anna } = pair;
  const tagged = await anna.json("tag", "bert", "work", "berlin");
  assertEquals([tagged.code, tagged.document.tags], [0, ["work", "berlin"]]);
  assertEquals((await anna.json("list", "--tag", "work")).document.length, 1);
  assertEquals((await anna.json("list", "--tag", "home")).document, []);
  const less = await anna.federation("untag", "bert", "work", "berlin");
  assertEquals(less.out, "bert (Bert) has no tags.\n");
  assertEquals((await anna.federation("alias", "Bert", "b")).out, "Bert is called b now.\n");
  assertEquals((await anna.json("scopes", "b")).document.alias, "b");
  assertEquals((await anna.json("alias", "b")).document.alias, null);
  for (const args of [["tag"], ["tag", "Bert"], ["untag", "Bert"], ["alias", "Bert", "a\nb"]]) {
    assertEquals([args, (await anna.federation(...args)).code], [args, 2]);
  }
});

Deno.test("lists are lists, also where there is nothing", async () => {
  await using anna = await owner("Anna");
  assertEquals(await anna.json("list"), {
    code: 0,
    document: [],
    err: "",
  });
  assertEquals((await anna.json("messages")).document, []);
  const wrong = await anna.federation("list", "--status", "friends");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, "pending, approved, rejected, removed");
});

Deno.test("each command explains itself with an example that begins with its own words", async () => {
  await using anna = await owner("Anna");
  const { out } = await anna.federation("--help");
  const names = [...out.matchAll(/^ {2}mesh ogp federation ([a-z]+)/gm)].map(([, name]) => name);
  assertEquals(new Set(names).size, 18);
  for (const name of new Set(names)) {
    const help = await anna.federation(name ?? "", "--help");
    assertEquals([name, help.code], [name, 0]);
    assertStringIncludes(help.out, `EXAMPLES\n  mesh ogp federation ${name}`);
  }
});
