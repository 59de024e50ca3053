/**
 * A node's surface on a loopback port, for tests that talk to it as a client does.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { MeshNode } from "../../../lib/mesh/node.ts";
import type { JsonObject } from "../../../lib/signing/json.ts";
import type { GuardOptions } from "../../../server/connection_guard.ts";
import { listen } from "../../../server/listen.ts";
import { meshSurface, type MeshSurfaceOptions } from "../../../server/mesh.ts";
import { bytesOf } from "../mesh/parties.ts";

export const CONTACT = "/agent-mesh/contact-request";
export const MESSAGE = "/agent-mesh/message";

/** What the server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

/** What the surface told its owner. */
export interface Told {
  readonly messages: string[];
  readonly contacts: string[];
  readonly heardFrom: string[];
  readonly faults: unknown[];
}

/** A surface that listens until it is disposed of. */
export interface Served extends AsyncDisposable {
  readonly node: MeshNode;
  readonly port: number;
  readonly told: Told;
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** Posts a document as it travels, or bytes or text as they are. */
  post(path: string, body: JsonObject | Uint8Array<ArrayBuffer> | string): Promise<Answer>;
}

export async function serve(
  node: MeshNode,
  surface: MeshSurfaceOptions = {},
  guard: GuardOptions = {},
): Promise<Served> {
  const told: Told = { messages: [], contacts: [], heardFrom: [], faults: [] };
  const app = meshSurface(node, {
    // Most tests are not about the rate, and all of them come from one address.
    contactsPerMinute: 1000,
    contactsPerMinuteInAll: 1000,
    onMessage: ({ message }) => told.messages.push(message.message_id),
    onContact: ({ request }) => told.contacts.push(request.request_id),
    onHeardFrom: (agentId) => told.heardFrom.push(agentId),
    onFault: (error) => told.faults.push(error),
    ...surface,
  });
  const server = await listen(app, { host: "127.0.0.1", port: 0, ...guard });
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
    const { status, headers } = response;
    const text = await response.text();
    return { status, headers, text, json: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    node,
    port: server.port,
    told,
    ask,
    post: (path, body) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: body instanceof Map ? bytesOf(body) : body,
      }),
    [Symbol.asyncDispose]: () => server.close(1000),
  };
}

/** Fails unless the answer is a refusal with this status and code that tells nothing about the machine. */
export function assertRefused(answer: Answer, status: number, code: string, root = "/tmp"): void {
  const { ok, error } = answer.json;
  assertEquals({ status: answer.status, ok, error }, { status, ok: false, error: code });
  assertNoPath(answer.text, root);
}

/** Fails if a text that goes to a stranger shows where or how this machine keeps things. */
export function assertNoPath(text: string, root: string): void {
  for (const secret of [root, "incoming", ".json", ".pem", "lib/", "file:", "\n    at "]) {
    assert(!text.includes(secret), `"${secret}" is in the answer: ${text}`);
  }
}
