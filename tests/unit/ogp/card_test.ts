import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createServer } from "node:http";
import { MeshError } from "../../../lib/error.ts";
import { fetchCard, ownCard, peerCardOf } from "../../../lib/ogp/card.ts";
import { stranger, testGateway } from "./gateways.ts";

/** Serves one answer to everything. */
async function serving(status: number, body: string, headers: Record<string, string> = {}) {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

Deno.test("our card is what another gateway of ours reads", async () => {
  const config = { displayName: "Stan", email: "s@example.test", organization: "Bench" };
  await using gateway = await testGateway({ config });
  await using server = await serving(200, JSON.stringify(ownCard(gateway.node)));
  const fetched = await fetchCard(`${server.url}/`);
  assertEquals(fetched.dialect, "0.7");
  assertEquals(fetched.card, {
    publicKey: gateway.node.privateKey.publicKey.der,
    displayName: "Stan",
    gatewayUrl: "http://127.0.0.1:18790",
    email: "s@example.test",
    humanName: undefined,
    agentName: undefined,
    organization: "Bench",
  });
  assertEquals(fetched.intents.includes("agent-comms"), true);
});

Deno.test("a card of 0.2 is told from one of 0.7, and a missing URL is the one that was asked", async () => {
  const { publicKey } = stranger();
  const card = { version: "0.2.0", displayName: "Bert", publicKey, gatewayUrl: "" };
  await using server = await serving(200, JSON.stringify(card));
  const { dialect, card: read } = await fetchCard(server.url);
  assertEquals([dialect, read.gatewayUrl], ["0.2", server.url]);
});

Deno.test("what is no card is refused", async () => {
  const { publicKey } = stranger();
  const good = { version: "0.7.2", displayName: "x", publicKey, gatewayUrl: "http://127.0.0.1:1" };
  const weak = `302a300506032b657003210001${"00".repeat(31)}`;
  for (
    const [status, body] of [
      [200, "<html>"],
      [200, "[]"],
      [200, "{}"],
      [302, JSON.stringify(good)],
      [500, JSON.stringify(good)],
      [200, JSON.stringify({ ...good, publicKey: weak })],
      [200, JSON.stringify({ ...good, publicKey: publicKey.slice(2) })],
      [200, JSON.stringify({ ...good, gatewayUrl: "ftp://x" })],
      [200, JSON.stringify({ ...good, gatewayUrl: "http://169.254.169.254/" })],
      [200, JSON.stringify({ filler: "x".repeat(70_000), ...good })],
    ] as const
  ) {
    await using server = await serving(status, body, { location: "http://127.0.0.1:9/" });
    await assertRejects(() => fetchCard(server.url), MeshError);
  }
});

Deno.test("names in a card cannot move a cursor, and are bounded", () => {
  const { publicKey } = stranger();
  const card = { publicKey, displayName: "St\u001b[2Jan\u202e", gatewayUrl: "http://127.0.0.1:1/" };
  assertEquals(peerCardOf(card).displayName, "St [2Jan");
  assertEquals(peerCardOf(card).gatewayUrl, "http://127.0.0.1:1");
  assertThrows(() => peerCardOf({ ...card, displayName: "x".repeat(201) }), MeshError);
});
