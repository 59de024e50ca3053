/**
 * Attacks by time: what was captured is sent again, sent late, or sent with another content.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { requestBody } from "../../second_ogp/bodies.ts";
import { DIALECTS, federate, foreign, OurGateway, post, says, seenBy } from "./helpers.ts";

for (const dialect of DIALECTS) {
  Deno.test(`a replay of ${dialect} is answered as the first time, and stored once`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    const peer = seenBy(theirs, ours);
    const message = theirs.message(peer, "message", { text: "once" });
    const ask = { topic: "general", message: "once?" };
    const comms = theirs.message(peer, "agent-comms", ask);
    for (const body of [message, comms]) {
      const first = await post(ours, "message", body);
      assertEquals(first.status, 200);
      const all = await Promise.all(Array.from({ length: 8 }, () => post(ours, "message", body)));
      for (const { status, json } of all) assertEquals([status, json], [200, first.json]);
      await ours.down("SIGKILL");
      await ours.up();
      const late = await post(ours, "message", body);
      assertEquals([late.status, late.json], [200, first.json]);
    }
    assertEquals((await ours.messages()).length, 2);
  });

  Deno.test(`many copies of one message of ${dialect} at once are stored once`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    const body = theirs.message(seenBy(theirs, ours), "message", { text: "at once" });
    const all = await Promise.all(Array.from({ length: 20 }, () => post(ours, "message", body)));
    assertEquals(new Set(all.map(({ status, text }) => `${status} ${text}`)).size, 1);
    assertEquals(all[0]?.status, 200);
    assertEquals(await ours.texts(), ["at once"]);
  });

  Deno.test(`a message of ${dialect} from another time is refused`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    const away = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const wrong = ["1970-01-01T00:00:00.000Z", away(-6), away(6), away(60 * 24 * 365)];
    for (const timestamp of [...wrong, "", "yesterday", "2026-02-30T00:00:00Z"]) {
      const { status, json } = await says(theirs, ours, `of ${timestamp}`, { timestamp });
      assertEquals(status, 400, `${timestamp}: ${JSON.stringify(json)}`);
    }
    const change = (message: { timestamp?: unknown }) => delete message.timestamp;
    assertEquals((await says(theirs, ours, "of no time", { change })).status, 400);
    assertEquals(await ours.messages(), []);
    for (const minutes of [-4, 0, 4]) {
      assertEquals((await says(theirs, ours, "near", { timestamp: away(minutes) })).status, 200);
    }
    assertEquals((await ours.texts()).length, 3);
  });

  Deno.test(`a nonce of ${dialect} that was used cannot carry something else`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await using other = await foreign(dialect, "Other");
    await federate(ours, theirs);
    await federate(ours, other);
    assertEquals((await says(theirs, ours, "first", { nonce: "n-1" })).status, 200);
    const again = await says(theirs, ours, "second", { nonce: "n-1" });
    assert(again.status >= 400 && again.status < 500, `status ${again.status}`);
    // Nonces of different peers have nothing to do with each other.
    assertEquals((await says(other, ours, "mine", { nonce: "n-1" })).status, 200);
    assertEquals((await ours.texts()).sort(), ["first", "mine"]);
  });
}

Deno.test("a request from another time is refused, and a replayed one changes no decision", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await using late = await foreign("0.7", "Late");
  const stale = requestBody({ ...late.self, clock: () => Date.now() - 600_000 });
  const { status } = await post(ours, "request", stale);
  assert([400, 401].includes(status), `status ${status}`);
  assertEquals(await ours.standing(late.publicKey), "none");

  await federate(ours, theirs);
  const captured = theirs.seen("/federation/approve").length;
  const body = requestBody(theirs.self);
  for (let i = 0; i < 3; i++) {
    const { json } = await post(ours, "request", body);
    assertEquals(json.status, "already-pending-or-approved");
  }
  assertEquals(await ours.standing(theirs.publicKey), "approved");
  assertEquals(theirs.seen("/federation/approve").length, captured);
});
