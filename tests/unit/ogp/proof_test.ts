import { assertEquals } from "@std/assert";
import { verifyProof } from "../../../lib/ogp/proof.ts";
import { readExchange } from "../../../lib/ogp/exchange.ts";
import { proofOf } from "./federating.ts";
import { befriend, stranger, testGateway } from "./gateways.ts";

Deno.test("a proof proves an approved peer, and is remembered", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const stan = stranger();
  const peer = await befriend(gateway, stan);
  const proof = proofOf(stan, clock);
  assertEquals(await verifyProof(node, proof), peer);
  assertEquals(await verifyProof(node, proof), peer);
  assertEquals((await readExchange(node.state, stan.publicKey)).proofs?.length, 1);
});

Deno.test("proofs of nobody, of strangers and of the past prove nothing, and leave nothing", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const [stan, other] = [stranger(), stranger()];
  await befriend(gateway, stan);
  const proof = proofOf(stan, clock);
  for (
    const wrong of [
      proofOf(other, clock),
      { ...proof, signature: "00" },
      { ...proof, signature: "00".repeat(64) },
      { ...proof, timestamp: "now" },
      { ...proof, peerId: "x".repeat(10_000) },
      { ...proof, signature: proofOf(other, clock).signature },
    ]
  ) assertEquals(await verifyProof(node, wrong), undefined);
  clock.pass(301_000);
  assertEquals(await verifyProof(node, proof), undefined);
  assertEquals(await readExchange(node.state, stan.publicKey), {});
});

Deno.test("a proof of a removed peer, or one ahead of its time, proves nothing and is remembered", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const [gone, early] = [stranger(), stranger()];
  await befriend(gateway, gone, { status: "removed" });
  await befriend(gateway, early);
  assertEquals(await verifyProof(node, proofOf(gone, clock)), undefined);
  clock.pass(600_000);
  const ahead = proofOf(early, clock);
  clock.pass(-600_000);
  assertEquals(await verifyProof(node, ahead), undefined);
  for (const { publicKey } of [gone, early]) {
    assertEquals((await readExchange(node.state, publicKey)).proofs?.length, 1);
  }
});
