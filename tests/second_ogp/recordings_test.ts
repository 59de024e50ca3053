/**
 * The recorded exchanges replayed over HTTP against this implementation with the receiver's identity: it
 * answers as the originals did, which is what makes it a stand-in for them.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  grantedIn,
  type OgpVector,
  readVector,
  readVectors,
  senderOf,
} from "../conformance/ogp_vectors.ts";
import { messageBody } from "./bodies.ts";
import { grantsFor } from "./doorman.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { call, type Json, parsed } from "./http.ts";
import { hostId, keyId, makeKeys } from "./keys.ts";

/** There are no projects in this implementation; their payloads are judged by nobody. */
const PROJECTS: ReadonlySet<string> = new Set(["project-join-missing", "project-unknown"]);

/** Where the answer has words or numbers of the moment. */
const VOLATILE: ReadonlySet<string> = new Set([
  ...["timestamp", "signature", "retryAfter", "lastCheckedAt", "healthState"],
]);

for (const dialect of ["0.2", "0.7"] as const) {
  Deno.test(`the recordings of ${dialect} are answered as the original answered them`, async (t) => {
    for (const vector of readVectors(dialect)) {
      if (PROJECTS.has(vector.name)) continue;
      await t.step(vector.name, () => replay(vector));
    }
  });
}

async function replay(vector: OgpVector): Promise<void> {
  const { dialect, receiver, clock, given } = vector;
  await using gateway = await startGateway({
    dialect,
    displayName: receiver.name,
    keys: receiver,
    url: receiver.url,
    clock: () => clock,
  });
  gateway.personas.clear();
  gateway.personas.add(`${receiver.name.toLowerCase()}-agent`);
  await prepare(gateway, vector);
  for (const name of given.after ?? []) await send(gateway, readVector(dialect, name));
  const { status, text, headers } = await send(gateway, vector);
  assertEquals(status, vector.response.status, text);
  const recorded = vector.response.body;
  if (parsed(recorded) === undefined) {
    assertMatch(headers["content-type"] ?? "", /^text\/html/);
    assertStringIncludes(text, recorded.includes("Error:") ? "Error: " : "Cannot ");
    return;
  }
  if (!vector.name.includes("project")) {
    assertEquals(still(JSON.parse(text), vector.name), still(JSON.parse(recorded), vector.name));
  }
}

async function prepare(gateway: Gateway, vector: OgpVector): Promise<void> {
  const { dialect, given, request, clock } = vector;
  for (const topic of given.closedTopics ?? []) gateway.closedTopics.add(topic);
  const sender = senderOf(vector);
  if (!sender || given.sender === "unknown" || given.after?.includes("request-ok")) return;
  const { publicKey, url: gatewayUrl, name: displayName } = sender;
  const from = parsed(request.body ?? "")?.message?.from;
  const ownId = dialect === "0.2" ? hostId(gatewayUrl) : keyId(publicKey);
  const peer = gateway.know({
    id: from ?? ownId,
    displayName,
    email: "",
    gatewayUrl,
    publicKey,
    status: given.sender === "asked" ? "pending" : given.sender,
    asked: given.sender === "asked" ? "us" : "them",
    grants: grantsFor(grantedIn(vector), given.topics ? { topics: given.topics } : {}),
  });
  assert(dialect === "0.2" || peer.id === keyId(publicKey));
  if (given.used === undefined || !vector.signer) return;
  const self = { ...gateway.self, keys: vector.signer, clock: () => clock - 60_000 };
  for (let use = 0; use < given.used; use++) {
    const body = messageBody(self, "", "message", { text: "hello" }, { from: peer.id });
    // Not over HTTP, which would take longer and show nothing more.
    await gateway.answerNow("/federation/message", body);
  }
}

async function send(gateway: Gateway, { request }: OgpVector) {
  const { method, path, headers, body } = request;
  const wanted = Object.entries(headers).filter(([name]) => /^(?:x-ogp-|content-type)/i.test(name));
  const url = `http://127.0.0.1:${gateway.port}${path}`;
  return await call(url, body ?? undefined, { method, headers: Object.fromEntries(wanted) });
}

/** An answer without what differs from moment to moment. */
function still(value: Json, name: string, key = ""): Json {
  if (VOLATILE.has(key)) return typeof value;
  // The originals make up a new joke for each rejection.
  if (/blocked-topic|-403$/.test(name) && ["error", "message"].includes(key)) return typeof value;
  // How healthy a peer is thought to be is nothing of ours.
  if (key === "peerStatus") return { peerId: value.peerId, healthy: value.healthy };
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([each, inner]) => {
      // Each persona has a name for people, which is not said in the recordings' settings.
      if (each === "agents") return [each, (inner as Json[]).map(({ id, role }) => ({ id, role }))];
      return [each, still(inner, name, each)];
    }),
  );
}

Deno.test("a gateway with other keys refuses what was recorded", async () => {
  const vector = readVector("0.7", "message-ok");
  await using gateway = await startGateway({
    dialect: "0.7",
    displayName: "Beta",
    keys: makeKeys(),
    clock: () => vector.clock,
  });
  assertEquals((await send(gateway, vector)).status, 403);
  assertEquals(gateway.taken, []);
});
