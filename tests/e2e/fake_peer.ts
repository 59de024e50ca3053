/**
 * A trusted peer that is no program of ours: a plain HTTP server that answers as a test wants it to.
 *
 * @module
 */
import { TestNode, trust } from "./node.ts";

/** How the peer answers a message. The count starts at 1. */
export type Answering = (call: { count: number; body: string; path: string }) =>
  | Response
  | Promise<Response>;

/** A peer that a test plays. */
export class FakePeer implements AsyncDisposable {
  /** The bodies of what it was sent, in order. */
  readonly received: string[] = [];
  /** The node whose identity it has. */
  readonly node: TestNode;
  #answering: Answering;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #hung = Promise.withResolvers<Response>();

  /**
   * Listens at the endpoint of a node that nobody serves.
   *
   * @param node Whose identity the peer has; it goes with the peer.
   * @param answering How the peer answers.
   */
  constructor(node: TestNode, answering: Answering = accepting) {
    this.node = node;
    this.#answering = answering;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: node.port, onListen() {} },
      async (request) => {
        const body = await request.text();
        this.received.push(body);
        const { pathname: path } = new URL(request.url);
        return await this.#answering({ count: this.received.length, body, path });
      },
    );
  }

  /**
   * A peer that a node trusts.
   *
   * @param id The peer's agent id.
   * @param owner Who trusts it.
   * @param answering How it answers.
   * @returns The peer, listening.
   */
  static async trustedBy(
    owner: TestNode,
    id: string,
    answering: Answering = accepting,
  ): Promise<FakePeer> {
    const node = await TestNode.named(id);
    await trust(owner, node);
    return new FakePeer(node, answering);
  }

  /** The ids of the messages that it was sent, in order, repetitions included. */
  get messageIds(): string[] {
    return this.received.map((body) => JSON.parse(body).message_id);
  }

  /** Answers differently from now on. */
  answers(answering: Answering): void {
    this.#answering = answering;
  }

  /** An answer that does not come before the peer is disposed of. */
  hang(): Promise<Response> {
    return this.#hung.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hung.resolve(new Response(null, { status: 503 }));
    await this.#server.shutdown();
    await this.node[Symbol.asyncDispose]();
  }
}

/** The answer of a node that has stored the message. */
export function accepting({ body }: { body: string }): Response {
  const { message_id } = JSON.parse(body);
  const ack = { type: "ack", message_id, status: "received", timestamp: "2026-01-01T00:00:00Z" };
  return Response.json({
    ok: true,
    result: { verified: true, message_id, saved: message_id, ack },
  });
}
