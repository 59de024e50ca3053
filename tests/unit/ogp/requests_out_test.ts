import { assertEquals } from "@std/assert";
import { pause } from "../../../lib/delivery/pause.ts";
import { receiveApproval } from "../../../lib/ogp/approvals_in.ts";
import { keyId } from "../../../lib/ogp/names.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { approvalOf, oldGateway, outboxOf, refused, servedGateway } from "./federating.ts";
import { befriend, stranger } from "./gateways.ts";

Deno.test("our request is on disk before it is sent", async () => {
  await using me = await servedGateway("Me");
  await using other = await servedGateway("Other");
  let stored: unknown;
  other.intercept = () => {
    stored = JSON.parse(Deno.readTextFileSync(
      `${me.root}/ogp/requests/outgoing/${peerName(other.publicKey)}.json`,
    ));
    return new Response("<html>", { status: 502 });
  };
  await refused("unavailable", () => requestFederation(me.node, other.url));
  assertEquals((stored as { status: string }).status, "pending");
  const record = await me.node.state.requestsOut.get(peerName(other.publicKey));
  assertEquals([record?.status, record?.publicKey], ["pending", other.publicKey]);
});

Deno.test("a 0.2 gateway gets a request that it can read, and will know us by host and port", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  const { request, answer } = await requestFederation(me.node, old.url, { id: "olga" });
  assertEquals([answer, request.dialect, request.id], ["pending", "0.2", "olga"]);
  assertEquals(request.knowsUsAs, new URL(me.url).host);
  const [post] = old.posts;
  assertEquals([post?.path, post?.body.peer.id], ["/federation/request", new URL(me.url).host]);
  assertEquals(post?.body.peer.gatewayUrl, me.url);
});

Deno.test("the URL of another origin that a card names is not believed", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  const { url } = old;
  for (
    const [claimed, kept] of [
      ["http://198.51.100.7:1", url],
      ["https://127.0.0.1", url],
      [`${url}/ogp/`, `${url}/ogp`],
    ]
  ) {
    old.card = { ...old.card, gatewayUrl: claimed };
    const { request } = await requestFederation(me.node, `${url}/`);
    assertEquals(request.gatewayUrl, kept ?? "");
  }
});

Deno.test("asking ourselves, or an approved peer, is refused", async () => {
  await using me = await servedGateway("Me");
  await refused("refused", () => requestFederation(me.node, me.url));
  await using old = oldGateway();
  await befriend(me, old, { gatewayUrl: old.url });
  const error = await refused("exists", () => requestFederation(me.node, old.url));
  assertEquals(error.hint, `mesh ogp federation scopes ${old.id}`);
  assertEquals(old.posts, []);
});

Deno.test("asking again sends the request again, and after a rejection starts over", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  const first = await requestFederation(me.node, old.url, { id: "olga", alias: "o" });
  me.clock.pass(60_000);
  const second = await requestFederation(me.node, old.url);
  assertEquals(second.request, first.request);
  assertEquals(old.posts.length, 2);
  old.card = { ...old.card, version: "0.7.2" };
  const no = approvalOf(old, me.clock, { approved: false });
  assertEquals((await receiveApproval(me.node, me.outbox, no)).effect, "rejected");
  me.clock.pass(1000);
  const third = await requestFederation(me.node, old.url);
  assertEquals([third.request.status, third.request.id, third.request.alias], [
    "pending",
    "olga",
    "o",
  ]);
  assertEquals(third.request.requestedAt, me.clock.now().toISOString());
});

Deno.test("names that another gateway has, or that cannot be names, are refused before anything is sent", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  await befriend(me, stranger(), { id: "stan", alias: "s" });
  await refused("exists", () => requestFederation(me.node, old.url, { id: "stan" }));
  await refused("exists", () => requestFederation(me.node, old.url, { alias: "s" }));
  await refused("usage", () => requestFederation(me.node, old.url, { alias: "a\nb" }));
  await refused("usage", () => requestFederation(me.node, old.url, { id: "http://x" }));
  assertEquals([old.posts, (await me.node.state.requestsOut.list()).entries], [[], []]);
});

Deno.test("two keys that begin alike get different ids", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  const twin = { ...stranger(), publicKey: keyId(old.publicKey) + "0f".repeat(28) };
  await befriend(me, twin, { id: keyId(old.publicKey) });
  const { request } = await requestFederation(me.node, old.url);
  assertEquals(request.id, old.publicKey);
});

Deno.test("what answers there must be a gateway, with a sound key", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  old.card = { hello: "world" };
  await refused("malformed", () => requestFederation(me.node, old.url));
  await refused("malformed", () => requestFederation(me.node, "file:///etc/passwd"));
  old.card = {
    ...old.card,
    displayName: "x",
    publicKey: old.publicKey.slice(0, 24) + "00".repeat(32),
  };
  await refused("bad_key", () => requestFederation(me.node, old.url));
  assertEquals((await me.node.state.requestsOut.list()).entries, []);
});

Deno.test("nothing is asked without a URL of ours, or while everything is paused", async () => {
  await using old = oldGateway();
  await using me = await servedGateway("Me");
  await using homeless = await servedGateway("Homeless", { config: { gatewayUrl: undefined } });
  await refused("config_invalid", () => requestFederation(homeless.node, old.url));
  await pause(me.node.state.store, me.clock.now());
  await refused("refused", () => requestFederation(me.node, old.url));
  assertEquals(old.posts, []);
});

Deno.test("a refusal of the other side is told, and our request stays", async () => {
  await using me = await servedGateway("Me");
  await using other = await servedGateway("Other");
  other.intercept = () => Response.json({ error: "No \u001b[2Jroom" }, { status: 403 });
  const error = await refused("refused", () => requestFederation(me.node, other.url));
  assertEquals(error.message, "The gateway refused our request: No  [2Jroom");
  other.intercept = undefined;
  const { request } = await requestFederation(me.node, other.url);
  assertEquals(request.status, "pending");
  assertEquals(await outboxOf(me.node).entries.ids(), []);
});
