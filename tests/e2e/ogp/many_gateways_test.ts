/**
 * Twenty gateways of ours on one machine, each federated with each, each writing to each.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { approveFederation } from "../../../lib/ogp/approvals_out.ts";
import { readOgpInbox } from "../../../lib/ogp/incoming.ts";
import { type OgpNode, openOgpNode } from "../../../lib/ogp/node.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { rootOutbox } from "../../../server/outbox.ts";
import { eventually } from "../eventually.ts";
import { OurGateway } from "./helpers.ts";

const COUNT = 20;

/** A gateway whose daemon is a process; the commands of its owner are made here, to save 800 starts. */
interface Owned extends AsyncDisposable {
  readonly gateway: OurGateway;
  readonly node: OgpNode;
}

async function owned(n: number): Promise<Owned> {
  const gateway = await OurGateway.start(`gw${String(n).padStart(2, "0")}`);
  const node = await openOgpNode(gateway.node.env.MESH_STATE_DIR ?? "");
  return {
    gateway,
    node,
    async [Symbol.asyncDispose]() {
      node[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

Deno.test("twenty gateways federate all with all, and every message gets there once", async () => {
  await using all = new AsyncDisposableStack();
  const owners: Owned[] = [];
  for (let n = 0; n < COUNT; n += 4) {
    const some = await Promise.all([0, 1, 2, 3].map((more) => owned(n + more)));
    for (const one of some) owners.push(all.use(one));
  }
  for (const [n, one] of owners.entries()) {
    for (const other of owners.slice(n + 1)) {
      await requestFederation(one.node, other.gateway.url);
      const asker = one.node.privateKey.publicKey.der;
      await approveFederation(other.node, rootOutbox({ ogp: other.node }), asker);
    }
  }
  for (const { node, gateway } of owners) {
    await eventually(`${gateway.node.name} with all others`, async () => {
      const { entries } = await node.state.peers.list();
      return entries.filter(({ value }) => value.status === "approved").length === COUNT - 1;
    }, 60_000);
  }
  await Promise.all(owners.map(async ({ node, gateway }) => {
    const outbox = rootOutbox({ ogp: node });
    for (const { value: peer } of (await node.state.peers.list()).entries) {
      const payload = { text: `from ${gateway.node.name}` };
      await sendOgpMessage(node, outbox, peer, { intent: "message", payload });
    }
  }));
  const names = owners.map(({ gateway }) => gateway.node.name);
  for (const { node, gateway } of owners) {
    const expected = names.filter((name) => name !== gateway.node.name).map((name) =>
      `from ${name}`
    );
    const texts = async () =>
      (await readOgpInbox(node.state)).map(({ payload }) => String(payload.text)).toSorted();
    await eventually(
      `messages at ${gateway.node.name}`,
      async () => (await texts()).length >= expected.length,
      60_000,
    );
    assertEquals(await texts(), expected.toSorted());
  }
});
