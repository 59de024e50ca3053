import { assertEquals } from "@std/assert";
import { ogpSurface } from "../../../server/ogp.ts";
import { rootOutbox } from "../../../server/outbox.ts";
import { testGateway } from "../ogp/gateways.ts";

Deno.test("attack: one address asks for replies all the time", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const app = ogpSurface(node, rootOutbox({ ogp: node }), { pollsPerMinute: 3 });
  const ask = async (remoteAddress: string) => {
    const bindings = { incoming: { socket: { remoteAddress }, headers: {} } } as never;
    const response = await app.request("/federation/reply/n-1", {}, bindings);
    const { success, retryAfter } = await response.json();
    return [response.status, success, typeof retryAfter];
  };
  const pending = [404, undefined, "undefined"];
  for (let n = 0; n < 3; n++) assertEquals(await ask("203.0.113.7"), pending);
  assertEquals(await ask("203.0.113.7"), [429, false, "number"]);
  assertEquals(await ask("203.0.113.8"), pending);
  for (let n = 0; n < 5; n++) assertEquals(await ask("127.0.0.1"), pending);
});
