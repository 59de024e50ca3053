import { assertEquals } from "@std/assert";
import { changeLabels } from "../../../lib/ogp/labels.ts";
import { receiveRequest } from "../../../lib/ogp/requests_in.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { refused, requestOf } from "./federating.ts";
import { befriend, stranger, testGateway } from "./gateways.ts";

Deno.test("alias and tags are kept on every record of a gateway", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  await receiveRequest(node, requestOf(who, { clock }));
  const first = await changeLabels(node, "Mallory", { alias: "mal", addTags: ["work", "new"] });
  assertEquals([first.alias, first.tags, first.status], ["mal", ["work", "new"], "pending"]);
  await befriend(gateway, who, { status: "removed", alias: "mal" });
  const second = await changeLabels(node, "mal", {
    addTags: ["work", "old"],
    removeTags: ["new", "absent"],
  });
  assertEquals([second.alias, second.tags], ["mal", ["work", "old"]]);
  const third = await changeLabels(node, "mal", { alias: null });
  assertEquals([third.alias, third.tags], [undefined, ["work", "old"]]);
  for (const { get } of [node.state.peers, node.state.requestsIn].map(reader(who.publicKey))) {
    const record = await get();
    assertEquals([record?.alias, record?.tags], [undefined, ["work", "old"]]);
  }
});

Deno.test("an alias belongs to one gateway, and is a name", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const [stan, ida] = [stranger(), stranger()];
  await befriend(gateway, stan, { displayName: "Stan", alias: "s" });
  await befriend(gateway, ida, { displayName: "Ida", id: "ida" });
  await refused("exists", () => changeLabels(node, "Ida", { alias: "s" }));
  await refused("exists", () => changeLabels(node, "Stan", { alias: "ida" }));
  for (const alias of ["", " a", "a\u0000", "x".repeat(101), "https://x"]) {
    await refused("usage", () => changeLabels(node, "Ida", { alias }));
  }
  await refused("usage", () => changeLabels(node, "Ida", { addTags: ["\n"] }));
  const many = Array.from({ length: 51 }, (_, n) => `t${n}`);
  await refused("usage", () => changeLabels(node, "Ida", { addTags: many }));
  await refused("not_found", () => changeLabels(node, "nobody", { alias: "x" }));
  assertEquals((await changeLabels(node, "Stan", { alias: "s" })).alias, "s");
});

Deno.test("changes by several processes at once are all kept", async () => {
  await using gateway = await testGateway();
  const who = stranger();
  await befriend(gateway, who);
  const nodes = [gateway.node, await gateway.again(), await gateway.again()];
  await Promise.all(nodes.map((node, n) => changeLabels(node, who.id, { addTags: [`t${n}`] })));
  const peer = await gateway.node.state.peers.get(peerName(who.publicKey));
  assertEquals([...peer?.tags ?? []].sort(), ["t0", "t1", "t2"]);
});

interface Labelled {
  readonly alias?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

function reader(publicKey: string) {
  return (collection: { get(id: string): Promise<Labelled | undefined> }) => ({
    get: () => collection.get(peerName(publicKey)),
  });
}
