import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import {
  chooseId,
  type Federation,
  findApproved,
  findFederation,
  listFederation,
} from "../../../lib/ogp/peers.ts";
import type { IncomingRequest, OutgoingRequest } from "../../../lib/ogp/records.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { befriend, type Stranger, stranger, type TestGateway, testGateway } from "./gateways.ts";

async function asked(
  { node }: TestGateway,
  who: Stranger,
  changes: Partial<IncomingRequest> = {},
): Promise<void> {
  await node.state.requestsIn.put(peerName(who.publicKey), {
    ...{ publicKey: who.publicKey, id: who.id, displayName: "Asker" },
    ...{ gatewayUrl: "http://127.0.0.1:20001", status: "pending", body: "{}" },
    receivedAt: node.now().toISOString(),
    ...changes,
  });
}

async function askedBy(
  { node }: TestGateway,
  who: Stranger,
  changes: Partial<OutgoingRequest> = {},
): Promise<void> {
  await node.state.requestsOut.put(peerName(who.publicKey), {
    ...{ publicKey: who.publicKey, id: who.id, displayName: "Asked" },
    ...{ gatewayUrl: "http://127.0.0.1:20002", status: "pending" },
    requestedAt: node.now().toISOString(),
    ...changes,
  });
}

Deno.test("a gateway is listed once, with the standing that counts", async () => {
  await using gateway = await testGateway();
  const [peer, asker, both, back, no] = Array.from({ length: 5 }, stranger) as [
    Stranger,
    Stranger,
    Stranger,
    Stranger,
    Stranger,
  ];
  await befriend(gateway, peer, { displayName: "a", alias: "stan" });
  await asked(gateway, peer, { displayName: "a", status: "approved" });
  await asked(gateway, asker, { displayName: "b" });
  await asked(gateway, both, { displayName: "c" });
  await askedBy(gateway, both, { displayName: "c", alias: "carol" });
  await befriend(gateway, back, { displayName: "d", status: "removed", tags: ["old"] });
  await asked(gateway, back, { displayName: "d" });
  await askedBy(gateway, no, { displayName: "e", status: "rejected" });
  const list = await listFederation(gateway.node.state);
  const seen = list.map((one) => [one.displayName, one.status, one.direction, one.alias]);
  assertEquals(seen.sort(), [
    ["a", "approved", undefined, "stan"],
    ["b", "pending", "incoming", undefined],
    ["c", "pending", "incoming", "carol"],
    ["d", "pending", "incoming", undefined],
    ["e", "rejected", "outgoing", undefined],
  ]);
  assertEquals(list.find(({ displayName }) => displayName === "d")?.tags, ["old"]);
});

Deno.test("a peer is found by alias, id, key, name, URL, host and the beginning of a name", async () => {
  await using gateway = await testGateway();
  const [stan, leo] = [stranger(), stranger()];
  const gatewayUrl = "https://Stan.example.com/";
  await befriend(gateway, stan, { alias: "boss", displayName: "Stanislav", gatewayUrl });
  await befriend(gateway, leo, { displayName: "Leo", gatewayUrl: "http://127.0.0.1:20009" });
  const { state } = gateway.node;
  const names = [
    "boss",
    stan.id,
    stan.publicKey,
    stan.publicKey.slice(0, 30),
    "stanislav",
    "stani",
  ];
  const urls = ["https://stan.example.com", "https://stan.example.com/", "stan.example.com:18790"];
  for (const selector of [...names, ...urls, "bo"]) {
    assertEquals((await findFederation(state, selector)).publicKey, stan.publicKey, selector);
  }
  for (const selector of ["", "nobody", "https://other.example.com"]) {
    const error = await assertRejects(() => findFederation(state, selector), MeshError);
    assertEquals(error.code, "not_found");
  }
});

Deno.test("a name that two have is an error that lists them, and an exact one wins", async () => {
  await using gateway = await testGateway();
  const [one, two] = [stranger(), stranger()];
  await befriend(gateway, one, { displayName: "Stan" });
  await befriend(gateway, two, { displayName: "Stanley", gatewayUrl: "http://127.0.0.1:20009" });
  const { state } = gateway.node;
  const error = await assertRejects(() => findFederation(state, "sta"), MeshError);
  assertEquals(error.code, "ambiguous");
  assertEquals([one.id, two.id].every((id) => error.message.includes(id)), true);
  assertEquals((await findFederation(state, "stan")).publicKey, one.publicKey);
});

Deno.test("attack: a name that a gateway chose takes what was meant for another one", async () => {
  await using gateway = await testGateway();
  const [stan, mallory] = [stranger(), stranger()];
  const { state } = gateway.node;
  await befriend(gateway, stan, { alias: "stanley", displayName: "S" });
  const digits = stan.publicKey.slice(0, 28);
  for (const displayName of ["Stan", "stanle", digits]) {
    await asked(gateway, mallory, { displayName });
    const selector = displayName.toLowerCase();
    if (displayName === digits) {
      assertEquals((await findFederation(state, selector)).publicKey, stan.publicKey);
      continue;
    }
    const error = await assertRejects(() => findFederation(state, selector), MeshError);
    assertEquals(error.code, "ambiguous");
  }
  await asked(gateway, mallory, { displayName: "Stanley" });
  for (const selector of ["stanley", "Stanley", "STANLEY"]) {
    assertEquals((await findFederation(state, selector)).publicKey, stan.publicKey, selector);
  }
});

Deno.test("attack: a name that the owner gave to a gateway which is not meant now", async () => {
  await using gateway = await testGateway();
  const [stan, leo, mallory] = [stranger(), stranger(), stranger()];
  const { node } = gateway;
  await befriend(gateway, stan, { alias: "stan", status: "removed" });
  await befriend(gateway, mallory, { displayName: "Stan" });
  const error = await assertRejects(() => findApproved(node.state, "stan"), MeshError);
  assertEquals([error.code, error.message], [
    "not_trusted",
    'The federation with "stan" was ended',
  ]);
  await befriend(gateway, leo, { alias: "leo" });
  await asked(gateway, stranger(), { displayName: "leo" });
  const among = ({ status }: Federation) => status === "pending";
  await assertRejects(() => findFederation(node.state, "Leo", { among }), MeshError, "No peer");
});

Deno.test("attack: a key that begins like another one, made to be taken for it", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  const publicKey = stan.publicKey.slice(0, 32) + "0f".repeat(28);
  const { state } = gateway.node;
  // Whoever asks first has the short id.
  await asked(gateway, { ...stan, publicKey }, { id: stan.id, displayName: "Mallory" });
  await asked(gateway, stan, { id: stan.publicKey, displayName: "Stan" });
  for (const selector of [stan.id, stan.id.toUpperCase(), stan.id.slice(0, 30)]) {
    const error = await assertRejects(() => findFederation(state, selector), MeshError);
    assertEquals(error.code, "ambiguous");
    assertEquals([stan.publicKey, publicKey].every((key) => error.message.includes(key)), true);
  }
  assertEquals((await findFederation(state, stan.publicKey)).publicKey, stan.publicKey);
  assertEquals((await findFederation(state, publicKey)).publicKey, publicKey);
  // Among those that can be meant there is only one.
  await befriend(gateway, stan);
  assertEquals((await findApproved(state, stan.id)).publicKey, stan.publicKey);
});

Deno.test("who is not approved is told apart from who is unknown, with what to do", async () => {
  await using gateway = await testGateway();
  const [asker, gone] = [stranger(), stranger()];
  await asked(gateway, asker);
  await befriend(gateway, gone, { displayName: "Gone", status: "removed" });
  const hint = async (selector: string) =>
    (await assertRejects(() => findApproved(gateway.node.state, selector), MeshError)).hint;
  assertEquals(await hint("asker"), `mesh ogp federation approve ${asker.id}`);
  assertEquals(await hint("gone"), "mesh ogp federation request http://127.0.0.1:19999");
  assertEquals(await hint("nobody"), "mesh ogp federation list");
});

Deno.test("an id is the owner's, the beginning of the key, or the whole key", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan, { id: "stan" });
  const { state } = gateway.node;
  const twin = stan.publicKey.slice(0, 32) + "0".repeat(56);
  assertEquals(await chooseId(state, twin), twin.slice(0, 32));
  assertEquals(await chooseId(state, twin, "leo"), "leo");
  assertEquals(await chooseId(state, stan.publicKey, "stan"), "stan");
  await assertRejects(() => chooseId(state, twin, "stan"), MeshError, "already");
  await befriend(gateway, stan);
  assertEquals(await chooseId(state, twin), twin);
});
