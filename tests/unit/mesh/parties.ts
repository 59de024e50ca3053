/**
 * Nodes and strangers for tests: state directories that clean up after themselves, and agents that live
 * nowhere and can sign all the same.
 *
 * @module
 */
import { assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { fingerprintOf } from "../../../lib/identity/fingerprint.ts";
import { generateKeyPair, type PrivateKey } from "../../../lib/identity/private_key.ts";
import type { AgentCard } from "../../../lib/mesh/card.ts";
import { receiveContact } from "../../../lib/mesh/contacts.ts";
import { approveContact } from "../../../lib/mesh/decisions.ts";
import { protocolTime } from "../../../lib/signing/freshness.ts";
import { initIdentity } from "../../../lib/mesh/identity.ts";
import { type MeshNode, type MeshNodeOptions, openMeshNode } from "../../../lib/mesh/node.ts";
import type { Peer } from "../../../lib/mesh/records.ts";
import { openMeshState } from "../../../lib/mesh/state.ts";
import { signPayload } from "../../../lib/signing/envelope.ts";
import { JsonObject } from "../../../lib/signing/json.ts";
import { fromPlain } from "../../../lib/signing/json_plain.ts";
import { printJson } from "../../../lib/signing/json_print.ts";

/** A clock that stands still until it is told to go on. */
export class Clock {
  #time: number;

  constructor(start = "2026-03-12T18:05:00Z") {
    this.#time = Date.parse(start);
  }

  /** The present, as `openMeshNode` wants it. */
  readonly now = (): Date => new Date(this.#time);

  /** Lets time pass; a negative number sets the clock back. */
  pass(ms: number): void {
    this.#time += ms;
  }
}

/** A folder that is gone afterwards. */
export interface TemporaryRoot extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryRoot(): Promise<TemporaryRoot> {
  const path = await Deno.makeTempDir({ prefix: "mesh-test-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** A node in a folder of its own. */
export interface TestNode extends AsyncDisposable {
  readonly root: string;
  readonly clock: Clock;
  readonly node: MeshNode;
  /** The same node as another process would open it: nothing remembered but what is on disk. */
  again(options?: MeshNodeOptions): Promise<MeshNode>;
}

export async function testNode(
  { agentId = "me", endpoint = "http://127.0.0.1:8787", clock = new Clock() } = {},
): Promise<TestNode> {
  const root = await temporaryRoot();
  await initIdentity(openMeshState(root.path), { agentId, endpoint, now: clock.now() });
  const again = (options: MeshNodeOptions = {}) =>
    openMeshNode(root.path, { now: clock.now, ...options });
  return {
    root: root.path,
    clock,
    node: await again(),
    again,
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

/** What a stranger may be told to be. */
export interface StrangerOptions {
  readonly endpoint?: string;
  readonly clock?: Clock;
  readonly privateKey?: PrivateKey;
  /** How its key is spelled; as OpenSSL writes it unless given. */
  readonly pem?: string;
}

/** An agent that lives nowhere: a card and a key. */
export class Stranger {
  static #count = 0;

  private constructor(
    readonly card: AgentCard,
    readonly privateKey: PrivateKey,
    readonly clock: Clock,
  ) {}

  static async named(agentId: string, options: StrangerOptions = {}): Promise<Stranger> {
    const privateKey = options.privateKey ?? generateKeyPair().privateKey;
    const public_key = options.pem ?? privateKey.publicKey.pem;
    const card = {
      agent_id: agentId,
      display_name: agentId,
      endpoint: options.endpoint ?? "http://127.0.0.1:9",
      public_key,
      fingerprint: await fingerprintOf(public_key),
    };
    return new Stranger(card, privateKey, options.clock ?? new Clock());
  }

  /** Another card for the same key. */
  as(changes: Partial<AgentCard>): Stranger {
    return new Stranger({ ...this.card, ...changes }, this.privateKey, this.clock);
  }

  contactRequest(changes: Record<string, unknown> = {}): JsonObject {
    return this.sign({
      type: "contact_request",
      request_id: `req_${(++Stranger.#count).toString(16).padStart(32, "0")}`,
      from: this.card,
      timestamp: protocolTime(this.clock.now()),
      purpose: "to be tested",
      ...changes,
    });
  }

  message(changes: Record<string, unknown> = {}): JsonObject {
    return this.sign({
      type: "direct_message",
      message_id: `msg_${(++Stranger.#count).toString(16).padStart(32, "0")}`,
      from: this.card.agent_id,
      to: "me",
      timestamp: protocolTime(this.clock.now()),
      body: { text: "hello" },
      ...changes,
    });
  }

  sign(document: Record<string, unknown> | JsonObject): JsonObject {
    return signPayload(fromPlain(document) as JsonObject, this.privateKey);
  }
}

/** A document as it travels. */
export function bytesOf(document: JsonObject): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(printJson(document));
}

/** A copy with some fields changed and the signature left as it was. */
export function forged(document: JsonObject, changes: Record<string, unknown>): JsonObject {
  const copy = new JsonObject(document);
  for (const [key, value] of Object.entries(changes)) copy.set(key, fromPlain(value));
  return copy;
}

/** Has a node's owner approve a stranger. */
export async function trust(node: MeshNode, stranger: Stranger): Promise<Peer> {
  const document = stranger.contactRequest({ timestamp: protocolTime(node.now()) });
  await receiveContact(node, bytesOf(document));
  return await approveContact(node, String(document.get("request_id")));
}

/** The code of the `MeshError` that a promise rejects with. */
export async function codeFrom(work: Promise<unknown>): Promise<string> {
  return (await assertRejects(() => work, MeshError)).code;
}

/** The lines of the audit log, oldest first. */
export async function auditEvents(root: string): Promise<Record<string, unknown>[]> {
  const names = await Array.fromAsync(Deno.readDir(`${root}/audit`), ({ name }) => name);
  const texts = names.sort().map((name) => Deno.readTextFile(`${root}/audit/${name}`));
  const lines = (await Promise.all(texts)).join("").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Every record, key and identity below a root, by path; not the audit log, nor locks. */
export async function recordsIn(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  async function visit(folder: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
      const path = `${folder}${name}`;
      if (["audit", "locks", "run"].includes(path)) continue;
      if (isDirectory) await visit(`${path}/`);
      else found[path] = await Deno.readTextFile(`${root}/${path}`);
    }
  }
  await visit("");
  return found;
}
