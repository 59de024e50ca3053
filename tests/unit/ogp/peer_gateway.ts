/**
 * A peer's gateway for tests: a plain `node:http` server with a key, which keeps what it gets and answers
 * as it is told, in either dialect.
 *
 * @module
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Outbox } from "../../../lib/delivery/outbox.ts";
import { retryPolicy } from "../../../lib/delivery/retry_policy.ts";
import { publicKeyFromDerHex } from "../../../lib/identity/keys.ts";
import { ogpCarriers } from "../../../lib/ogp/message_carriers.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { verifyText } from "../../../lib/ogp/signed_text.ts";
import { befriend, type Stranger, stranger, type TestGateway } from "./gateways.ts";

/** What a peer was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What it answers. Text goes out as it is, anything else as JSON; `silence` cuts the connection. */
export type Told =
  | {
    readonly status?: number;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
  }
  | "silence";

/** The usual answers of the dialects to a message. */
export const OK_07: Told = { body: { success: true, response: { received: true } } };
export const OK_02: Told = { body: { received: true, timestamp: "2026-03-12T18:05:00.000Z" } };

/** A peer that listens. */
export class PeerGateway implements AsyncDisposable {
  readonly asked: Asked[] = [];
  /** How it answers; may take its time. */
  answer: (asked: Asked) => Told | Promise<Told> = () => OK_07;

  private constructor(readonly who: Stranger, readonly server: Server) {}

  static async listen(who: Stranger = stranger()): Promise<PeerGateway> {
    const server = createServer((request, response) => {
      const chunks: Uint8Array[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", async () => {
        const body = new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer());
        const asked = { method: request.method ?? "", path: request.url ?? "", body };
        gateway.asked.push(asked);
        const told = await gateway.answer(asked);
        if (told === "silence") return void response.destroy();
        const { status = 200, body: said = {}, headers = {} } = told;
        const text = typeof said === "string" ? said : JSON.stringify(said);
        response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
      });
    });
    const gateway = new PeerGateway(who, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Makes it an approved peer. */
  async meet(gateway: TestGateway, changes: Partial<OgpPeer> = {}): Promise<OgpPeer> {
    return await befriend(gateway, this.who, { gatewayUrl: this.url, ...changes });
  }

  /** The messages that it was posted, each checked for its sender's signature. */
  messages(from: OgpNode): Record<string, unknown>[] {
    return this.signed(from, "message");
  }

  /** The signed documents that it was posted, such as `reply`. */
  signed(from: OgpNode, kind: "message" | "reply"): Record<string, unknown>[] {
    const key = publicKeyFromDerHex(from.privateKey.publicKey.der);
    const bodies = this.asked.filter(({ method }) => method === "POST").map(({ body }) => body);
    return bodies.map((text) => JSON.parse(text)).filter((body) => kind in body).map((body) => {
      const text = body[`${kind}Str`];
      if (!verifyText(key, text, body.signature)) throw new Error("The signature is wrong");
      if (JSON.stringify(body[kind]) !== text) throw new Error("The text is not the object's");
      return body[kind];
    });
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The outbox of a gateway, for messages and replies. */
export function outboxOf(node: OgpNode): Outbox {
  return new Outbox({
    store: node.state.store,
    entries: node.state.outbox,
    failed: node.state.failed,
    policy: retryPolicy({ jitter: 0 }),
    carriers: ogpCarriers(node),
    now: node.now,
  });
}

/** The message of ours, as it is on disk. */
export async function receiptOf(node: OgpNode, nonce: string): Promise<unknown> {
  const record = await node.state.messagesOut.get(nonce);
  return record && JSON.parse(JSON.stringify(record)).receipt;
}

/** Waits until something comes about. */
export async function until(what: string, come: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!await come()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come`);
    await pause(5);
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
