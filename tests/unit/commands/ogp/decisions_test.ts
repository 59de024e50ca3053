import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { keyId } from "../../../../lib/ogp/names.ts";
import { peerName } from "../../../../lib/ogp/state.ts";
import { federated, owner } from "./household.ts";

/** What `--json` prints of every peer at least. */
const ALWAYS = ["id", "alias", "displayName", "gatewayUrl", "publicKey", "status"];

Deno.test("a request shows up on both sides and says what happens next", async () => {
  await using anna = await owner("Anna");
  await using bert = await owner("Bert");
  await bert.listen();
  const asked = await anna.federation("request", bert.url, "peer-bert");
  assertEquals(asked.code, 0);
  const key = (await bert.json("whoami")).document.publicKey;
  assertStringIncludes(asked.out, "Bert has the request; it says: pending");
  assertStringIncludes(asked.out, key);
  assertStringIncludes(asked.err, "mesh ogp start");
  const ours = (await anna.json("list", "--status", "pending")).document;
  assertEquals(ours.length, 1);
  assertEquals(ALWAYS.map((name) => ours[0][name]), [
    "peer-bert",
    null,
    "Bert",
    bert.url,
    key,
    "pending",
  ]);
  assertEquals(ours[0].direction, "outgoing");
  const theirs = await bert.federation("list");
  assertStringIncludes(theirs.out, "pending: asks us");
  assertStringIncludes(theirs.err, "mesh ogp federation approve 302a");
  assertEquals((await bert.json("list", "--status", "approved")).document, []);
  assertEquals((await bert.federation("list", "--status", "approved")).out, "None.\n");
});

Deno.test("approving shows the whole key, who asked, and how to compare", async () => {
  await using anna = await owner("Anna");
  await using bert = await owner("Bert");
  await anna.listen();
  await bert.listen();
  assertEquals((await anna.federation("request", bert.url)).code, 0);
  const flags = ["--intents", "message,agent-comms", "--rate", "10/60", "--topics", "memory"];
  const { code, out, err } = await bert.federation("approve", anna.url, ...flags);
  assertEquals(code, 0);
  const { publicKey } = (await anna.json("whoami")).document;
  assertStringIncludes(out, `key          ${publicKey}`);
  assertStringIncludes(out, anna.url);
  assertStringIncludes(out, "asked        just now, from 127.0.0.1");
  assertStringIncludes(out, "may send     message, 10 a minute");
  assertStringIncludes(out, "agent-comms, 10 a minute, topics: memory");
  assertStringIncludes(err, "mesh ogp federation whoami");
  const [peer] = (await anna.json("list", "--status", "approved")).document;
  assertEquals(peer.grantedToUs.scopes.map(({ intent }: { intent: string }) => intent), [
    "message",
    "agent-comms",
  ]);
  const scopes = await anna.federation("scopes", "bert");
  assertStringIncludes(scopes.out, "It lets us send:\n  message, 10 a minute");
});

Deno.test("attack: a stranger asks under the name and URL of a gateway that is approved", async () => {
  await using both = await federated();
  const { bert } = both;
  await using mallory = await owner("Anna");
  const [{ publicKey }] = (await bert.json("list")).document;
  assertEquals((await bert.federation("alias", publicKey)).code, 0);
  assertEquals((await mallory.federation("request", bert.url)).code, 0);
  const ambiguous = await bert.federation("approve", "Anna");
  assertEquals([ambiguous.code, ambiguous.out], [3, ""]);
  assertStringIncludes(ambiguous.err, "matches several");
  await bert.federation("alias", publicKey, "anna");
  const again = await bert.json("approve", "Anna", "--intents", "message");
  assertEquals([again.document.publicKey, again.document.alias], [publicKey, "anna"]);
  const pending = (await bert.json("list", "--status", "pending")).document;
  assertEquals(pending.length, 1);
});

Deno.test("an approval that cannot be told yet stands, and says so by its exit code", async () => {
  await using anna = await owner("Anna");
  await using bert = await owner("Bert");
  await bert.listen();
  assertEquals((await anna.federation("request", bert.url)).code, 0);
  const { code, document, err } = await bert.json("approve", "anna");
  assertEquals([code, document.status, document.notified.receipt], [8, "approved", "queued"]);
  assertStringIncludes(err, "Anna does not know yet: Cannot reach");
  assertStringIncludes(err, "mesh queue retry");
});

Deno.test("only what somebody asked can be approved", async () => {
  await using anna = await owner("Anna");
  await using bert = await owner("Bert");
  await bert.listen();
  assertEquals((await anna.federation("request", bert.url)).code, 0);
  const ours = await anna.federation("approve", "Bert");
  assertEquals(ours.code, 4);
  assertStringIncludes(ours.err, "for the owner of");
  const nobody = await anna.json("approve", "nobody");
  assertEquals([nobody.code, nobody.document.error], [3, "not_found"]);
  const wrong = await bert.federation("approve", "Anna", "--rate", "often");
  assertEquals(wrong.code, 2);
  const noComms = await bert.federation("approve", "Anna", "--intents", "message", "--topics", "x");
  assertEquals(noComms.code, 2);
  assertEquals((await bert.json("list", "--status", "approved")).document, []);
});

Deno.test("a gateway that has the name or the URL of another is warned of", async () => {
  await using anna = await owner("Anna");
  await using bert = await owner("Bert");
  await using second = await owner("Anna");
  await bert.listen();
  assertEquals((await anna.federation("request", bert.url)).code, 0);
  assertEquals((await second.federation("request", bert.url)).code, 0);
  const twice = await bert.json("approve", "Anna");
  assertEquals([twice.code, twice.document.error], [3, "ambiguous"]);
  const keys = [anna, second].map(async (one) => (await one.json("whoami")).document.publicKey);
  for (const key of await Promise.all(keys)) {
    assertStringIncludes(twice.document.message, keyId(key));
  }
  const key = await keys[0] ?? "";
  const name = peerName(key);
  await bert.state.requestsIn.update(
    name,
    (request) => request && { ...request, claimsUrlOf: ["stan"] },
  );
  const { code, err } = await bert.federation("approve", key);
  assertEquals(code, 8);
  assertStringIncludes(err, "HAS ANOTHER KEY than stan");
  assertStringIncludes(err, 'Not the only one called "Anna"');
});

Deno.test("a rejected request is rejected, and one of ours can be taken back", async () => {
  await using anna = await owner("Anna");
  await using bert = await owner("Bert");
  await bert.listen();
  assertEquals((await anna.federation("request", bert.url)).code, 0);
  const no = await bert.json("reject", "Anna");
  assertEquals([no.code, no.document.status, no.document.direction], [0, "rejected", "incoming"]);
  const back = await anna.federation("reject", "Bert");
  assertEquals(back.code, 0);
  assertStringIncludes(back.out, "Our request to Bert");
  assertEquals((await bert.federation("reject", "Anna")).code, 3);
});

Deno.test("grants are changed by what is said and by nothing else", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const { code, document } = await bert.json("grant", "anna", "--intents", "agent-comms,message");
  assertEquals([code, document.notified.receipt], [0, "accepted"]);
  await bert.federation("grant", "anna", "--topics", "planning");
  const { grants } = (await bert.json("scopes", "anna")).document;
  assertEquals(
    grants.scopes.map(({ intent, topics }: Record<string, unknown>) => [intent, topics]),
    [["agent-comms", ["planning"]], ["message", undefined]],
  );
  const told = (await anna.json("scopes", "bert")).document.grantedToUs;
  assertEquals(told.scopes, grants.scopes);
  const nothing = await bert.federation("grant", "anna");
  assertEquals(nothing.code, 2);
  assertStringIncludes(nothing.err, "Nothing is said about what to change");
});

Deno.test("a federation that is over is refused, and can begin anew", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const over = await bert.federation("remove", "anna");
  assertEquals(over.code, 0);
  assertStringIncludes(over.out, "The federation with anna (Anna) is over");
  const again = await bert.federation("remove", "anna");
  assertStringIncludes(again.out, "was over already");
  const sent = await bert.json("send", "anna", "message", '{"text":"hi"}');
  assertEquals([sent.code, sent.document.error], [4, "not_trusted"]);
  assertStringIncludes(sent.document.hint, `mesh ogp federation request ${anna.url}`);
  assertEquals((await bert.federation("request", anna.url)).code, 0);
  assert((await bert.json("list", "--status", "pending")).document.length === 1);
});
