/**
 * What every test here needs: OpenClaw with a model of ours, and a gateway of ours that hands messages on to
 * it.
 *
 * @module
 */
import type { Gateway } from "../second_ogp/gateway.ts";
import type { Answer, Json } from "../second_ogp/http.ts";
import type { Dialect } from "../second_ogp/peers.ts";
import { federate, foreign, OurGateway, seenBy } from "../e2e/ogp/helpers.ts";
import { FakeModel } from "./fake_model.ts";
import { type GatewayOptions, RealOpenClaw } from "./real_gateway.ts";

/** The way that messages go. */
export type Way = "hooks" | "a2a";

/** A question of a peer's, as its program sends it. */
export interface Question {
  /** The body, to be sent once more. */
  readonly body: Json;
  /** Its nonce. */
  readonly nonce: string;
  /** What was answered. */
  readonly answer: Answer;
}

/** OpenClaw and a gateway of ours. Dispose of it: both end. */
export class Scene implements AsyncDisposable {
  readonly #all: AsyncDisposableStack;

  private constructor(
    /** The model behind OpenClaw's agent. */
    readonly model: FakeModel,
    /** OpenClaw. */
    readonly openclaw: RealOpenClaw,
    /** Our gateway; it hands nothing on yet. */
    readonly ours: OurGateway,
    all: AsyncDisposableStack,
  ) {
    this.#all = all;
  }

  /**
   * Starts both.
   *
   * @param options How OpenClaw is set.
   * @returns The scene.
   */
  static async set(options: GatewayOptions = {}): Promise<Scene> {
    await using all = new AsyncDisposableStack();
    const model = all.use(await FakeModel.start());
    const ours = all.use(await OurGateway.start());
    const openclaw = all.use(await RealOpenClaw.start(model, options));
    return new Scene(model, openclaw, ours, all.move());
  }

  /**
   * Adds a peer of the second implementation, which ends with the scene.
   *
   * @param dialect Its dialect.
   * @param name Its name.
   * @returns The peer, federated with ours.
   */
  async peer(dialect: Dialect = "0.7", name = "Stan"): Promise<Gateway> {
    const peer = this.#all.use(await foreign(dialect, name));
    await federate(this.ours, peer);
    return peer;
  }

  /**
   * Has our gateway hand messages on to OpenClaw, as its owner would configure it.
   *
   * @param way By hooks, or by A2A.
   * @param change What is different about the target.
   */
  async handOn(way: Way, change: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { url, hooksToken, a2aToken } = this.openclaw;
    const secret = way === "hooks" ? { hooksToken } : { a2a: { token: a2aToken, peer: "mesh" } };
    const target = { type: "openclaw", url, ...secret, ...change };
    const file = `${this.ours.node.state}/config.json`;
    const config = JSON.parse(await Deno.readTextFile(file));
    config.notify = { default: "claw", targets: { claw: target } };
    await Deno.writeTextFile(`${file}.new`, JSON.stringify(config), { mode: 0o600 });
    await Deno.rename(`${file}.new`, file);
  }

  /**
   * Has a peer ask our agent something about the weather.
   *
   * @param peer The peer.
   * @param message What it asks.
   * @param options Whether it can be called back, and which conversation it is.
   * @returns What it sent and was answered.
   */
  async asks(
    peer: Gateway,
    message: string,
    { callBack = false, conversationId }: { callBack?: boolean; conversationId?: string } = {},
  ): Promise<Question> {
    const nonce = crypto.randomUUID();
    const payload = { topic: "weather", message, priority: "high" };
    const us = seenBy(peer, this.ours);
    const body = peer.message(us, "agent-comms", payload, {
      nonce,
      ...(callBack ? { replyTo: `${peer.url}/federation/reply/${nonce}` } : {}),
      ...(conversationId === undefined ? {} : { conversationId }),
    });
    return { body, nonce, answer: await this.sends(peer, body) };
  }

  /** Has a peer send a body. */
  async sends(peer: Gateway, body: Json): Promise<Answer> {
    return await peer.post(`${this.ours.url}/federation/message`, body);
  }

  /**
   * What a peer is told when it asks for a reply.
   *
   * @param peer The peer.
   * @param question Its question.
   * @returns `{status: "pending", receipt}`, or `{status: "complete", reply}`.
   */
  async polls(peer: Gateway, { nonce }: Question): Promise<Json> {
    return (await peer.pollReply(seenBy(peer, this.ours), nonce)).json;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#all.disposeAsync();
  }
}
