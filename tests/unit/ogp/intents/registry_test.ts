import { assert, assertEquals, assertRejects } from "@std/assert";
import { httpStatusOf, MeshError } from "../../../../lib/error.ts";
import { intentRecords } from "../../../../lib/ogp/intents/record.ts";
import {
  acceptIntent,
  intentNames,
  type NewIntent,
  registerIntent,
  removeIntent,
} from "../../../../lib/ogp/intents/registry.ts";
import { INTENTS } from "../../../../lib/ogp/intents.ts";
import { receiveOgpMessage } from "../../../../lib/ogp/intake.ts";
import { codeFrom } from "../../mesh/parties.ts";
import { befriend, messageTo, signedBody, stranger, testGateway } from "../gateways.ts";

const NOW = new Date("2026-03-12T18:05:00Z");

/** A peer that may send one intent. */
async function granted(gateway: Awaited<ReturnType<typeof testGateway>>, intent: string) {
  const stan = stranger();
  const scopes = [{ intent, enabled: true }];
  await befriend(gateway, stan, {
    grants: { version: "0.2.0", grantedAt: NOW.toISOString(), scopes },
  });
  return stan;
}

Deno.test("what is registered is an intent until it is removed", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const stan = await granted(gateway, "deployment");
  const send = () =>
    receiveOgpMessage(
      node,
      signedBody(stan, messageTo(gateway, stan, { intent: "deployment", payload: { env: "x" } })),
    );
  const error = await assertRejects(send, MeshError, "Unknown intent: 'deployment'");
  assertEquals(httpStatusOf(error), 404);
  const first = await registerIntent(node.state, { name: "deployment", description: "d" }, NOW);
  assertEquals([first.replaced, first.intent.registeredAt], [false, NOW.toISOString()]);
  assertEquals((await send()).state, "new");
  assertEquals(await intentNames(node.state), [...INTENTS, "deployment"]);
  assert((await registerIntent(node.state, { name: "deployment" }, NOW)).replaced);
  await removeIntent(node.state, "deployment");
  await assertRejects(send, MeshError, "Unknown intent");
  assertEquals(await codeFrom(removeIntent(node.state, "deployment")), "not_found");
});

Deno.test("a payload that does not meet the schema is refused before anything is stored", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const stan = await granted(gateway, "deployment");
  const schema = {
    type: "object",
    properties: { env: { enum: ["staging", "production"] } },
    required: ["env"],
  };
  await registerIntent(node.state, { name: "deployment", schema }, NOW);
  const send = (payload: unknown) =>
    receiveOgpMessage(
      node,
      signedBody(stan, messageTo(gateway, stan, { intent: "deployment", payload })),
    );
  const error = await assertRejects(() => send({ env: "moon" }), MeshError);
  assertEquals([httpStatusOf(error), error.message], [
    400,
    `The payload of 'deployment' is not as it must be: "env" is not one of the values that it can have`,
  ]);
  await assertRejects(() => send({}), MeshError, '"env" is missing');
  assertEquals(await node.state.messagesIn.ids(), []);
  assertEquals((await send({ env: "staging" })).state, "new");
});

Deno.test("names that are built in, reserved or impossible cannot be registered or removed", async () => {
  await using gateway = await testGateway();
  const { state } = gateway.node;
  for (const name of [...INTENTS, "project.frob", "federation.request", "ogp", "project"]) {
    assertEquals([name, await codeFrom(registerIntent(state, { name }, NOW))], [name, "exists"]);
  }
  for (const name of ["", "../x", "a b", "-x", ".x", "ü", "a/b", "x".repeat(101)]) {
    assertEquals([name, await codeFrom(registerIntent(state, { name }, NOW))], [name, "usage"]);
    await assertRejects(() => acceptIntent(state, name, {}), MeshError, "Unknown intent");
    assertEquals(await codeFrom(removeIntent(state, name)), "not_found");
  }
  for (const name of INTENTS) assertEquals(await codeFrom(removeIntent(state, name)), "refused");
  assertEquals(await intentRecords(state).ids(), []);
});

Deno.test("a file with the name of what is built in shadows nothing", async () => {
  await using gateway = await testGateway();
  const { state } = gateway.node;
  const forged = { name: "message", schema: false, registeredAt: NOW.toISOString() };
  await intentRecords(state).put("message", forged);
  assertEquals(await acceptIntent(state, "message", {}), undefined);
  assertEquals(await intentNames(state), [...INTENTS]);
});

Deno.test("a schema or handler that cannot be used is refused, and nothing is stored", async () => {
  await using gateway = await testGateway();
  const { state } = gateway.node;
  const bad: readonly (readonly [Omit<NewIntent, "name">, string])[] = [
    [{ schema: { $ref: "#" } }, "malformed"],
    [{ schema: { description: "x".repeat(70_000) } }, "too_large"],
    [{ handler: [`${gateway.root}/nothing`] }, "not_found"],
    [{ handler: [gateway.root] }, "not_found"],
  ];
  for (const [intent, code] of bad) {
    assertEquals(await codeFrom(registerIntent(state, { name: "x", ...intent }, NOW)), code);
  }
  assertEquals(await intentRecords(state).ids(), []);
});

Deno.test("a schema that was spoilt by hand is the owner's fault, not the sender's", async () => {
  await using gateway = await testGateway();
  const { state } = gateway.node;
  await intentRecords(state).put("x", { name: "x", schema: { if: 1 }, registeredAt: "" });
  const error = await assertRejects(() => acceptIntent(state, "x", {}), MeshError);
  assertEquals([error.code, httpStatusOf(error)], ["config_invalid", 500]);
});
