/**
 * The recorded exchanges of Agent Mesh V1, replayed over HTTP against a node with the receiver's identity:
 * what is sound is taken and stored as it came, every hole of the original is closed.
 *
 * @module
 */
import { assert, assertEquals, assertFalse } from "@std/assert";
import { initIdentity } from "../../lib/mesh/identity.ts";
import { type MeshNode, openMeshNode } from "../../lib/mesh/node.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import { parsePrivateKeyPem } from "../../lib/identity/private_key.ts";
import { fingerprintOf } from "../../lib/identity/fingerprint.ts";
import { parseJson } from "../../lib/signing/json_parse.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { recordsIn, temporaryRoot } from "../unit/mesh/parties.ts";
import { jsonOf, rawExchange, statusOf } from "../unit/server/raw_client.ts";
import { assertNoPath, serve } from "../unit/server/served.ts";

interface Vector {
  readonly description: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
  };
  readonly response: { readonly status: number; readonly body: string };
}

/** What has to come of a vector. */
interface Expected {
  readonly status: number;
  /** The code of a refusal. */
  readonly error?: string;
  /** The one record that is there afterwards and was not before; `old` if it was there before. */
  readonly stored?: "new" | "old";
  /** Vectors that the same node has had before. */
  readonly after?: readonly string[];
  /** The receiver, if it is not agent-b. */
  readonly to?: "agent-a";
}

const taken: Expected = { status: 200, stored: "new" };
const refused = (status: number, error: string): Expected => ({ status, error });
const malformed = refused(400, "malformed");
const notJson = refused(400, "invalid_json");
const forged = refused(401, "bad_signature");

const TABLE: Record<string, Expected> = {
  "array-body.json": malformed,
  "cli-contact-request-from-agent-a.json": taken,
  "cli-contact-request-from-agent-b.json": { ...taken, to: "agent-a" },
  "cli-direct-message-from-agent-a.json": taken,
  "cli-direct-message-from-agent-b.json": { ...taken, to: "agent-a" },
  "contact-bad-signature.json": forged,
  "contact-dup-request.json": taken,
  "contact-dup-request-2.json": {
    status: 200,
    stored: "old",
    after: ["contact-dup-request.json"],
  },
  "contact-fingerprint-mismatch.json": refused(400, "bad_fingerprint"),
  "contact-no-fingerprint.json": malformed,
  "contact-no-from.json": malformed,
  "contact-no-request-id.json": malformed,
  "contact-ok-unicode.json": taken,
  "contact-ok.json": taken,
  "contact-stale-timestamp.json": refused(400, "stale_timestamp"),
  "discovery.json": { status: 200 },
  "empty-body-contact.json": notJson,
  "empty-body-message.json": notJson,
  "get-not-found.json": refused(404, "not_found"),
  // The copy of the body has U+FFFD where the two wrong bytes were: what is left is JSON and no message.
  "invalid-utf8.json": malformed,
  "malformed-json-contact.json": notJson,
  "malformed-json.json": notJson,
  "msg-bad-signature.json": forged,
  "msg-bad-to.json": refused(400, "wrong_recipient"),
  "msg-bad-type.json": malformed,
  "msg-body-string.json": taken,
  "msg-extra-fields.json": taken,
  "msg-from-traversal.json": malformed,
  "msg-future-timestamp.json": refused(400, "stale_timestamp"),
  "msg-no-message-id.json": malformed,
  "msg-no-timestamp.json": malformed,
  "msg-ok-keyorder.json": taken,
  "msg-ok-nested.json": taken,
  "msg-ok-numbers.json": taken,
  "msg-ok-unicode-rawutf8.json": taken,
  "msg-ok-unicode.json": taken,
  "msg-ok.json": taken,
  "msg-path-traversal.json": malformed,
  "msg-replay-1.json": taken,
  "msg-replay-2.json": { status: 200, stored: "old", after: ["msg-replay-1.json"] },
  "msg-sig-garbage.json": forged,
  "msg-sig-missing.json": malformed,
  "msg-sig-null.json": malformed,
  "msg-stale-timestamp.json": refused(400, "stale_timestamp"),
  "msg-unknown-peer.json": refused(403, "not_trusted"),
  "no-content-type.json": taken,
  "not-found.json": refused(404, "not_found"),
  "sec-approval-bypass-message.json": {
    ...refused(403, "not_trusted"),
    after: ["sec-approval-bypass-request-id.json"],
  },
  "sec-approval-bypass-request-id.json": malformed,
  "string-body.json": malformed,
};

/** No exchange, but texts; `canonical_json_test.ts` is about them. */
const NO_EXCHANGE = "canonical-json.json";

/** The clock when staleness is what a vector is about, or when it says nothing about its time. */
const CAPTURED = "2026-11-21T08:06:20Z";

const folder = new URL("./vectors/agent-mesh/", import.meta.url);

function readVector(name: string): Vector {
  return JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
}

/** Both agents of the recordings: each vector's key is its signer's, and agent-b shows itself in one. */
const shown = JSON.parse(readVector("discovery.json").response.body).agent;
const IDENTITIES = {
  "agent-a": {
    privateKey: readVector("contact-ok.json").privateKey,
    displayName: "Agent A",
    endpoint: "http://127.0.0.1:8811",
  },
  "agent-b": {
    privateKey: readVector("discovery.json").privateKey,
    displayName: shown.display_name as string,
    endpoint: shown.endpoint as string,
  },
};

/** The receiver of the recordings in a root, which trusts the other agent. */
async function receiver(
  root: string,
  agentId: keyof typeof IDENTITIES,
  time: string,
): Promise<MeshNode> {
  const { privateKey, displayName, endpoint } = IDENTITIES[agentId];
  await Deno.writeTextFile(`${root}/private_key.pem`, privateKey, { mode: 0o600 });
  const { adoptedKey } = await initIdentity(openMeshState(root), {
    agentId,
    displayName,
    endpoint,
    now: new Date(time),
  });
  assert(adoptedKey);
  const node = await openMeshNode(root, { now: () => new Date(time) });
  const other = agentId === "agent-a" ? "agent-b" : "agent-a";
  const { pem } = parsePrivateKeyPem(IDENTITIES[other].privateKey).publicKey;
  await node.state.peers.put(other, {
    agent_id: other,
    display_name: IDENTITIES[other].displayName,
    // Not where its contact requests say that it is: those shall be new to this node.
    endpoint: "http://127.0.0.1:9",
    public_key: pem,
    fingerprint: await fingerprintOf(pem),
  });
  return node;
}

function timeOf(name: string, { request }: Vector): string {
  if (/stale|future/.test(name)) return CAPTURED;
  return /"timestamp": ?"([^"]+)"/.exec(request.body ?? "")?.[1] ?? CAPTURED;
}

function wireText({ request: { method, path, headers, ...request } }: Vector): string {
  const body = request.body ?? "";
  const length = new TextEncoder().encode(body).length;
  const lines = Object.entries({
    Host: "127.0.0.1",
    ...(method === "POST" ? { "Content-Length": String(length) } : {}),
    ...headers,
    Connection: "close",
  }).map(([key, value]) => `${key}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

async function check(name: string, expected: Expected): Promise<void> {
  const vector = readVector(name);
  await using root = await temporaryRoot();
  const node = await receiver(root.path, expected.to ?? "agent-b", timeOf(name, vector));
  await using served = await serve(node);
  for (const earlier of expected.after ?? []) {
    await rawExchange(served.port, wireText(readVector(earlier)));
  }
  const before = await recordsIn(root.path);
  const { received } = await rawExchange(served.port, wireText(vector));
  const after = await recordsIn(root.path);
  const answer = jsonOf(received);

  assertEquals(statusOf(received), expected.status);
  assertEquals(answer.ok, expected.status === 200);
  assertEquals(answer.error, expected.error);
  assertNoPath(received, root.path);
  if (expected.stored !== "new") assertEquals(after, before);
  if (expected.stored === undefined) return;
  const added = Object.keys(after).filter((path) => !(path in before));
  assertEquals(added.length, expected.stored === "new" ? 1 : 0);
  assertSameDocument(after, vector);
  assertAcknowledged(answer, vector);
  const { messages, contacts } = served.told;
  assertEquals([...messages, ...contacts], [JSON.parse(vector.request.body!)[idField(vector)]]);
}

const idField = ({ request }: Vector) =>
  request.path.endsWith("message") ? "message_id" : "request_id";

/** Exactly one record is the document that was sent: same keys in the same order, numbers as written. */
function assertSameDocument(records: Record<string, string>, vector: Vector): void {
  const collection = vector.request.path.endsWith("message") ? "messages" : "requests";
  const sent = printJson(parseJson(vector.request.body!));
  const same = Object.entries(records).filter(([path, text]) =>
    path.startsWith(`${collection}/incoming/`) && printJson(parseJson(text)) === sent
  );
  assertEquals(same.length, 1);
}

/** Our answer has what the original's had; only `saved` and the time of the acknowledgement differ. */
function assertAcknowledged(answer: Record<string, unknown>, vector: Vector): void {
  const original = JSON.parse(vector.response.body).result;
  const id = original[idField(vector)];
  const ack = original.ack && {
    ...original.ack,
    timestamp: (answer.result as { ack: { timestamp: string } }).ack.timestamp,
  };
  assertEquals(answer.result, { ...original, saved: id, ...(ack ? { ack } : {}) });
}

for (const [name, expected] of Object.entries(TABLE)) {
  Deno.test(`${name} (${readVector(name).description}): ${expected.error ?? "is taken"}`, () =>
    check(name, expected));
}

Deno.test("every vector is in the table", () => {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  assertEquals(names.filter((name) => name !== NO_EXCHANGE).sort(), Object.keys(TABLE).sort());
});

Deno.test("discovery answers what the original answers, key for key", async () => {
  const vector = readVector("discovery.json");
  await using root = await temporaryRoot();
  await using served = await serve(await receiver(root.path, "agent-b", CAPTURED));
  const { received } = await rawExchange(served.port, wireText(vector));
  assertEquals(jsonOf(received), JSON.parse(vector.response.body));
});

Deno.test("a body that is not UTF-8 is refused over its real bytes", async () => {
  const vector = readVector("invalid-utf8.json");
  await using root = await temporaryRoot();
  await using served = await serve(await receiver(root.path, "agent-b", CAPTURED));
  const before = await recordsIn(root.path);
  const body = new Uint8Array(
    [...'{"a":"'].map((c) => c.charCodeAt(0)).concat(0xff, 0xfe, 34, 125),
  );
  const answer = await served.post(vector.request.path, body);
  assertEquals([answer.status, answer.json.error], [400, "invalid_json"]);
  assertEquals(await recordsIn(root.path), before);
});

Deno.test("a recorded message is taken by no other agent than the one it names", async () => {
  const vector = readVector("cli-direct-message-from-agent-a.json");
  await using root = await temporaryRoot();
  const node = await receiver(root.path, "agent-a", timeOf("", vector));
  await using served = await serve(node);
  const { received } = await rawExchange(served.port, wireText(vector));
  assertEquals([statusOf(received), jsonOf(received).error], [400, "wrong_recipient"]);
  assertFalse(Object.keys(await recordsIn(root.path)).some((path) => path.startsWith("messages/")));
});
