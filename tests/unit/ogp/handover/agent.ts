/**
 * The owner's agent for tests: a service that gets what is handed on, and a gateway that is configured to
 * hand it there.
 *
 * @module
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Outbox } from "../../../../lib/delivery/outbox.ts";
import { receiveOgpMessage } from "../../../../lib/ogp/intake.ts";
import type { IncomingMessage } from "../../../../lib/ogp/incoming.ts";
import { notifyConfig } from "../../../../lib/notify/config.ts";
import type { OgpNode } from "../../../../lib/ogp/node.ts";
import { rootOutbox } from "../../../../server/outbox.ts";
import {
  befriend,
  messageTo,
  signedBody,
  type Stranger,
  stranger,
  type TestGateway,
  testGateway,
} from "../gateways.ts";

/** What the agent was asked. */
export interface AgentCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
  readonly body: any;
}

/** How the agent answers. */
export type AgentAnswer = (call: AgentCall, response: ServerResponse) => unknown;

/** A secret for webhooks. */
export const SECRET = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;

/** An agent that listens. */
export class TestAgent implements AsyncDisposable {
  /** What it was asked, oldest first. */
  readonly calls: AgentCall[] = [];
  /** How it answers; by default with what it was asked, as OpenAI's chat completions do. */
  answer: AgentAnswer = ({ body }, response) => say(response, `echo: ${promptOf(body)}`);

  private constructor(readonly server: Server) {}

  static async listen(): Promise<TestAgent> {
    const server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8");
      request.on("data", (piece) => text += piece);
      request.on("error", () => {});
      response.on("error", () => {});
      request.on("end", () => {
        const { url = "", headers } = request;
        const call = { path: url, headers, body: text === "" ? undefined : JSON.parse(text) };
        agent.calls.push(call);
        agent.answer(call, response);
      });
    });
    const agent = new TestAgent(server);
    server.on("connection", (socket) => socket.on("error", () => {}));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return agent;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What the agent read, oldest first. */
  get prompts(): string[] {
    return this.calls.map(({ body }) => promptOf(body));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers as an agent that speaks OpenAI's chat completions. */
export function say(response: ServerResponse, content: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  const choices = [{ message: { role: "assistant", content }, finish_reason: "stop" }];
  response.end(JSON.stringify({ object: "chat.completion", choices }));
}

/** The first line of what the agent read. */
// deno-lint-ignore no-explicit-any -- as above
function promptOf(body: any): string {
  const text: string = body?.messages?.at(-1)?.content ?? body?.data?.frame ?? "";
  return text.split("\n", 1)[0] ?? "";
}

/** A gateway, a peer and an agent. */
export class House implements AsyncDisposable {
  private constructor(
    readonly gateway: TestGateway,
    readonly agent: TestAgent,
    readonly stan: Stranger,
    readonly outbox: Outbox,
  ) {}

  static async open(notify: Record<string, unknown> = {}): Promise<House> {
    const gateway = await testGateway();
    const agent = await TestAgent.listen();
    const stan = stranger();
    const scopes = ["message", "agent-comms", "task-request", "deployment"].map((intent) => ({
      intent,
      enabled: true,
      rateLimit: { requests: 1000, windowSeconds: 60 },
    }));
    await befriend(gateway, stan, {
      grants: { version: "0.2.0", grantedAt: gateway.clock.now().toISOString(), scopes },
    });
    await notifyConfig(gateway.node.state.store).change({
      default: "agent",
      targets: { agent: { type: "agent", url: agent.url } },
      ...notify,
    });
    return new House(gateway, agent, stan, rootOutbox({ ogp: gateway.node }));
  }

  get node(): OgpNode {
    return this.gateway.node;
  }

  /** Has the peer say something; answers what came of it. */
  async receive(changes: Record<string, unknown> = {}, node = this.node): Promise<IncomingMessage> {
    const body = signedBody(this.stan, messageTo(this.gateway, this.stan, changes));
    const { message } = await receiveOgpMessage(node, body, { outbox: this.outbox });
    return message;
  }

  /** The same about a topic. */
  async comms(message: string, changes: Record<string, unknown> = {}): Promise<IncomingMessage> {
    const { topic = "general", ...rest } = changes;
    return await this.receive({ intent: "agent-comms", payload: { topic, message }, ...rest });
  }

  /** Hands a message on, as a daemon would. */
  async hand({ name }: IncomingMessage) {
    return await this.outbox.attempt(`handover-${name}`);
  }

  /** How far a message got. */
  // deno-lint-ignore no-explicit-any -- as above
  async mark({ name }: IncomingMessage): Promise<any> {
    const record = await this.node.state.messagesIn.get(name);
    return JSON.parse(JSON.stringify(record)).handover;
  }

  /** What was replied. */
  // deno-lint-ignore no-explicit-any -- as above
  async reply({ name }: IncomingMessage): Promise<any> {
    const record = await this.node.state.replies.get(name);
    if (!record) return undefined;
    const { success, data, error } = JSON.parse(JSON.stringify(record)).reply;
    return {
      success,
      ...(data === undefined ? {} : { data }),
      ...(error === undefined ? {} : { error }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent[Symbol.asyncDispose]();
    await this.gateway[Symbol.asyncDispose]();
  }
}
