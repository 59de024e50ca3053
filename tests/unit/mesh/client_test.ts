import { assertEquals, assertMatch } from "@std/assert";
import { MeshClient } from "../../../lib/mesh/client.ts";
import { openMeshNode } from "../../../lib/mesh/node.ts";
import { serve, type Served } from "../server/served.ts";
import { codeFrom, temporaryRoot } from "./parties.ts";

Deno.test("two programs find, approve and write to each other", async () => {
  await using roots = await temporaryRoot();
  const names = ["anna", "stan"] as const;
  const servers: Served[] = [];
  try {
    const [anna, stan] = await Promise.all(names.map(async (agentId) => {
      const root = `${roots.path}/${agentId}`;
      await MeshClient.create(root, { agentId, endpoint: "http://127.0.0.1:1" });
      const served = await serve(await openMeshNode(root));
      servers.push(served);
      await MeshClient.create(root, {
        agentId,
        endpoint: `http://127.0.0.1:${served.port}`,
        force: true,
      });
      await served[Symbol.asyncDispose]();
      const again = await serve(await openMeshNode(root));
      servers.push(again);
      return { client: await MeshClient.open(root), url: `http://127.0.0.1:${again.port}` };
    }));

    const card = await stan!.client.discover(anna!.url);
    assertEquals(card.agent_id, "anna");
    await stan!.client.requestContact(anna!.url, "to talk");
    const [contact] = await anna!.client.requests();
    assertEquals([contact?.request.from.agent_id, contact?.request.purpose], ["stan", "to talk"]);
    const peer = await anna!.client.approve("stan", { endpoint: stan!.url });
    assertEquals([peer.agent_id, peer.endpoint], ["stan", stan!.url]);
    assertEquals((await anna!.client.peers()).length, 1);

    // Trust is one-sided: stan does not trust anna yet.
    assertEquals((await anna!.client.send("stan", "too early")).state, "failed");
    await anna!.client.requestContact(stan!.url);
    await stan!.client.approve("anna", { endpoint: anna!.url });
    assertEquals((await anna!.client.send("sta", "hello")).state, "accepted");
    assertEquals((await stan!.client.send("anna", "hello back")).state, "accepted");
    const texts = async (client: MeshClient) =>
      (await client.messages()).map(({ message }) => [message.from, message.body]);
    assertEquals(await texts(stan!.client), [["anna", { text: "hello" }]]);
    assertEquals(await texts(anna!.client), [["stan", { text: "hello back" }]]);

    const number = await anna!.client.safetyNumber("stan");
    assertMatch(number, /^\d{5}( \d{5}){11}$/);
    assertEquals(await stan!.client.safetyNumber("anna"), number);

    await anna!.client.removePeer("stan");
    assertEquals(await anna!.client.requests(), []);
    assertEquals((await stan!.client.send("anna", "still there?")).state, "failed");
    assertEquals(await codeFrom(anna!.client.reject("stan")), "not_found");
  } finally {
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  }
});

Deno.test("where nobody is, nobody is discovered", async () => {
  await using root = await temporaryRoot();
  const client = await MeshClient.create(root.path, { endpoint: "" });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  assertEquals(await codeFrom(client.discover(`http://127.0.0.1:${port}`)), "unavailable");
  assertEquals(await codeFrom(client.send("nobody", "hello")), "not_found");
});
